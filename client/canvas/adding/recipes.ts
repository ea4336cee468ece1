import type { Recipe, Service } from '@switchyard/shared/contracts/connections/services.ts';
import type { Connection } from '@switchyard/shared/contracts/models.ts';
import { matchScore, wordsOf } from '../../frame/match-words.ts';
import type { Preset } from '../../graph-editing/operations/add-node.ts';

/** Requests to one service, with the connection that they use. */
export interface RecipeGroup {
  readonly service: Service;
  readonly connection: Connection | undefined;
  readonly recipes: readonly Recipe[];
}

const isReady = ({ signIn }: Connection): boolean => signIn === undefined || signIn.status === 'connected';

/** The connection that a new node uses: one that works if possible. */
const connectionFor = ({ id }: Service, connections: readonly Connection[]): Connection | undefined => {
  const own = connections.filter(({ service }) => service === id);
  return own.find(isReady) ?? own[0];
};

/** Recipes that match the search, best first. Without a search, only those of services with a connection. */
export function recipeGroups(services: readonly Service[], connections: readonly Connection[], search: string): RecipeGroup[] {
  const words = wordsOf(search);
  return services
    .map((service) => {
      const found = service.recipes
        .map((recipe) => ({ recipe, score: matchScore({ title: recipe.title, rest: `${recipe.summary} ${service.name}` }, words) }))
        .filter(({ score }) => score > 0)
        .sort((one, two) => two.score - one.score);
      const connection = connectionFor(service, connections);
      return { service, connection, recipes: found.map(({ recipe }) => recipe), score: (found[0]?.score ?? 0) + (connection ? 5 : 0) };
    })
    .filter(({ recipes, connection }) => recipes.length > 0 && (words.length > 0 || connection))
    .sort((one, two) => two.score - one.score);
}

/** The ID of a recipe in a list. */
export const recipeId = (service: Pick<Service, 'id'>, recipe: Pick<Recipe, 'id'>): string => `${service.id}/${recipe.id}`;

/** The HTTP request node that a recipe adds. */
export const presetOf = ({ title, params }: Recipe, connection: Pick<Connection, 'id'> | undefined): Preset => ({
  title,
  params: { ...params, ...(connection && { connectionId: connection.id }) },
});
