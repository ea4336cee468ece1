import { nodeTypes } from '@switchyard/nodes/catalog.ts';
import type { NodeDefinition } from '@switchyard/nodes/sdk/define-node.ts';
import { IconCode, IconFileText } from '@tabler/icons-react';
import { useNavigate } from '@tanstack/react-router';
import { useConnections } from '../../api/queries.ts';
import { useServices } from '../../api/service-queries.ts';
import { matchScore, wordsOf } from '../../frame/match-words.ts';
import { NodeIcon } from '../../node-look/node-icon.tsx';
import { ServiceIcon, ServiceSquare } from '../../node-look/service-icon.tsx';
import type { ImportFrom } from './import-dialog.tsx';
import styles from './palette.module.css';
import { bestMatch, fittingInside, paletteGroups } from './palette-groups.ts';
import type { PickGroup } from './pick-list.tsx';
import { presetOf, type RecipeGroup, recipeGroups, recipeId } from './recipes.ts';
import type { Addable } from './use-add-node.ts';

export interface Palette {
  readonly groups: readonly PickGroup[];
  /** The best match. */
  readonly first: string | undefined;
  addableOf(id: string): Addable;
  /** Adds what was picked, or leads to where its service is connected. */
  pick(id: string, add: (added: Addable) => void): void;
}

const CONNECT = 'connect/';

const IMPORTS = [
  { id: 'import/curl', from: 'curl', title: 'From a curl command', line: 'Paste it to fill in an HTTP request', Glyph: IconCode },
  { id: 'import/openapi', from: 'openapi', title: 'From an OpenAPI file', line: 'Pick one of its operations', Glyph: IconFileText },
] as const;

function importPicks(search: string): PickGroup[] {
  const words = wordsOf(search);
  const found = IMPORTS.filter(({ title, line }) => matchScore({ title, rest: `${line} import api swagger` }, words) > 0);
  if (found.length === 0) return [];
  return [{ title: 'Any API', items: found.map(({ id, title, line, Glyph }) => ({ id, title, line, icon: <ServiceSquare Glyph={Glyph} /> })) }];
}

const HTTP = 'tool';

interface PaletteOptions {
  readonly definitions?: readonly NodeDefinition[];
  /** The nodes go into a for-each. */
  readonly inside?: boolean;
  /** Opens the import of a request. Without it, none is offered. */
  readonly onImport?: (from: ImportFrom) => void;
}

/** Node types and recipes that match a search. */
export function usePalette(search: string, { definitions = nodeTypes, inside = false, onImport }: PaletteOptions = {}): Palette {
  const navigate = useNavigate();
  const { data: services } = useServices();
  const { data: connections = [] } = useConnections();
  const types = paletteGroups(inside ? fittingInside(definitions) : definitions, search, inside);
  const recipes = definitions.some(({ type }) => type === HTTP) ? recipeGroups(services?.items ?? [], connections, search) : [];
  const nodePicks = types.map(({ title, items }) => ({
    title,
    items: items.map((item) => ({
      id: item.type,
      title: item.title,
      line: item.summary,
      icon: <NodeIcon icon={item.icon} category={item.category} size={28} />,
    })),
  }));
  const groups = [...nodePicks, ...recipes.map(recipePicks), ...(onImport ? importPicks(search) : [])];
  const addableOf = (id: string): Addable => {
    for (const { service, connection, recipes: offered } of recipes) {
      const recipe = offered.find((one) => recipeId(service, one) === id);
      if (recipe) return { type: HTTP, preset: presetOf(recipe, connection) };
    }
    return { type: id };
  };
  return {
    groups,
    first: bestMatch(types)?.type ?? groups[0]?.items[0]?.id,
    addableOf,
    pick: (id, add) => {
      const from = IMPORTS.find((one) => one.id === id)?.from;
      if (from) onImport?.(from);
      else if (id.startsWith(CONNECT)) void navigate({ to: '/settings/connections', search: { add: id.slice(CONNECT.length) } });
      else add(addableOf(id));
    },
  };
}

const recipePicks = ({ service, connection, recipes }: RecipeGroup): PickGroup => ({
  title: service.name,
  ...(connection && { note: <span className={styles.account}>{connection.account ?? connection.name}</span> }),
  items: [
    ...recipes.map((recipe) => ({
      id: recipeId(service, recipe),
      title: recipe.title,
      line: recipe.summary,
      icon: <ServiceIcon service={service.id} />,
    })),
    ...(connection
      ? []
      : [{ id: `${CONNECT}${service.id}`, title: `Connect ${service.name}`, line: 'Under Settings, Connections', icon: <ServiceIcon service={service.id} /> }]),
  ],
});
