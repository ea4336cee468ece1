import type { Service } from '@switchyard/shared/contracts/connections/services.ts';
import { ServiceIcon } from '../../node-look/service-icon.tsx';
import styles from './connections-page.module.css';

/** The first requests of each service. */
const SHOWN = 2;

/** What can be requested without knowing the API. */
export function RecipeList({ services }: { services: readonly Service[] }) {
  if (services.length === 0) return null;
  return (
    <section aria-labelledby="recipes" className={styles.recipes}>
      <h2 id="recipes">Recipes</h2>
      <p>Prefilled HTTP request nodes. Find them in the palette of a workflow under the name of their service.</p>
      <ul>
        {services.flatMap(({ id, name, recipes }) =>
          recipes.slice(0, SHOWN).map((recipe) => (
            <li key={`${id}/${recipe.id}`}>
              <ServiceIcon service={id} />
              <div>
                <strong>{recipe.title}</strong>
                <span>{name}</span>
              </div>
            </li>
          )),
        )}
      </ul>
    </section>
  );
}
