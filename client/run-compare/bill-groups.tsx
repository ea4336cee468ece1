import type { BillGroup } from '@switchyard/shared/contracts/bill-of-materials.ts';
import styles from './bill.module.css';
import { billText, GROUP_LABELS, itemLabel } from './bill-text.ts';

/** Groups of a bill of materials with their items. */
export function BillGroups({ groups }: { groups: readonly (readonly [BillGroup, ReadonlyMap<string, unknown>])[] }) {
  return (
    <dl className={styles.groups}>
      {groups.map(([group, items]) => (
        <div key={group} className={styles.group}>
          <dt>{GROUP_LABELS[group]}</dt>
          {[...items].map(([item, value]) => (
            <dd key={item}>
              <span className={styles.item}>{itemLabel(group, item)}</span> <span>{billText(group, item, value)}</span>
            </dd>
          ))}
        </div>
      ))}
    </dl>
  );
}
