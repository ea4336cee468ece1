import { Button } from '@mantine/core';
import { IconCheck, IconMinus, IconX } from '@tabler/icons-react';
import { formatDuration } from '../../../ui/format.ts';
import { valueWords } from '../common/words.ts';
import type { ItemRow, SideCell } from './item-rows.ts';
import styles from './items.module.css';

interface Props {
  readonly rows: readonly ItemRow[];
  readonly labels: { readonly subject: string; readonly baseline?: string | undefined };
  readonly selected: number | undefined;
  readonly onSelect: (index: number) => void;
  readonly more?: { readonly load: () => void; readonly isLoading: boolean } | undefined;
}

const COST = { unit: 'cost' } as const;

/** Items, the worst first: each with its title, and the reason of the strictest grader. */
export function ItemList({ rows, labels, selected, onSelect, more }: Props) {
  return (
    <>
      <table className={styles.items} data-paired={labels.baseline !== undefined || undefined}>
        <thead>
          <tr>
            <th scope="col">Item and grader results</th>
            <th scope="col" className={styles.tagsColumn}>
              Tags
            </th>
            {labels.baseline !== undefined && <th scope="col">{labels.baseline}</th>}
            <th scope="col">{labels.subject}</th>
            <th scope="col" className={styles.figure}>
              Cost
            </th>
            <th scope="col" className={styles.figure}>
              Time
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.key} data-selected={(row.index !== null && row.index === selected) || undefined}>
              <td className={styles.what}>
                <span className={styles.square} data-outcome={row.outcome ?? 'left-out'} aria-hidden />
                <button type="button" className={styles.open} disabled={row.index === null} onClick={() => row.index !== null && onSelect(row.index)}>
                  <span className={styles.title} dir="auto">
                    {row.title}
                  </span>
                  <span className={styles.reason} dir="auto">
                    {row.reason}
                  </span>
                </button>
              </td>
              <td className={styles.tagsColumn}>
                <Tags tags={row.tags} />
              </td>
              {labels.baseline !== undefined && (
                <td>
                  <Side side={row.baseline ?? null} />
                </td>
              )}
              <td>
                <Side side={row.subject} />
              </td>
              <td className={styles.figure}>{valueWords(COST, row.costMicros)}</td>
              <td className={styles.figure}>{row.durationMs === null ? '–' : formatDuration(row.durationMs)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {more && (
        <div className={styles.more}>
          <Button loading={more.isLoading} onClick={more.load}>
            Show more
          </Button>
        </div>
      )}
    </>
  );
}

export function Tags({ tags }: { tags: readonly string[] }) {
  return (
    <span className={styles.tags}>
      {tags.map((tag) => (
        <span key={tag} className={styles.tag} dir="auto">
          {tag}
        </span>
      ))}
    </span>
  );
}

const LEFT_OUT: Readonly<Record<string, string>> = { errored: 'error', stopped: 'stopped' };

function Side({ side }: { side: SideCell | null }) {
  if (!side || side.passed === null) {
    return (
      <span className={styles.side}>
        <IconMinus size={14} stroke={1.8} aria-hidden /> {side ? (side.isWaiting ? 'waiting' : LEFT_OUT[side.status]) : 'none'}
      </span>
    );
  }
  const Mark = side.passed ? IconCheck : IconX;
  return (
    <span className={styles.side} data-passed={side.passed}>
      <Mark size={14} stroke={1.8} aria-hidden />
      <span className="visually-hidden">{side.passed ? 'Passed,' : 'Failed,'}</span> {side.score?.toFixed(2)}
    </span>
  );
}
