import { ActionIcon, Menu } from '@mantine/core';
import { IconArrowBarToLeft, IconDots, IconTag, IconX } from '@tabler/icons-react';
import { formatCost, formatDuration } from '../../ui/format.ts';
import { type Column, versionWords } from '../parts/columns.ts';
import { LabelChip } from '../parts/label-chip.tsx';
import styles from './compare.module.css';
import type { Totals } from './totals.ts';

interface Props {
  readonly column: Column;
  readonly labels: readonly string[];
  readonly isBaseline: boolean;
  readonly totals: Totals;
  readonly samples: number;
  /** The best figures of all columns. Undefined until all are known. */
  readonly best: { readonly meanMs: number | undefined; readonly costMicros: number | undefined };
  readonly onBaseline: () => void;
  /** Undefined for edits, which have no version yet. */
  readonly onPromote: (() => void) | undefined;
  /** Undefined for the only column. */
  readonly onRemove: (() => void) | undefined;
}

/** A column’s version and route, and the totals of its answers. */
export function ColumnHead({ column, labels, isBaseline, totals, samples, best, onBaseline, onPromote, onRemove }: Props) {
  const name = `${versionWords(column.version)} on ${column.route}`;
  const { done, failed, meanMs, costMicros } = totals;
  return (
    <>
      <div className={styles.columnName}>
        <b>{versionWords(column.version)}</b>
        <span className={styles.quiet}>on</span>
        <code>{column.route}</code>
        {labels.map((label) => (
          <LabelChip key={label} label={label} />
        ))}
        {isBaseline && <span className={styles.quiet}>baseline</span>}
        <Menu position="bottom-end">
          <Menu.Target>
            <ActionIcon className={styles.more} aria-label={`Actions for ${name}`}>
              <IconDots size={16} stroke={1.7} />
            </ActionIcon>
          </Menu.Target>
          <Menu.Dropdown>
            {onPromote && (
              <Menu.Item leftSection={<IconTag size={16} stroke={1.6} />} onClick={onPromote}>
                Promote {versionWords(column.version)}…
              </Menu.Item>
            )}
            <Menu.Item leftSection={<IconArrowBarToLeft size={16} stroke={1.6} />} disabled={isBaseline} onClick={onBaseline}>
              Use as baseline
            </Menu.Item>
            <Menu.Item leftSection={<IconX size={16} stroke={1.6} />} disabled={!onRemove} onClick={onRemove}>
              Remove column
            </Menu.Item>
          </Menu.Dropdown>
        </Menu>
      </div>
      <div className={styles.totals}>
        {meanMs !== null && (
          <>
            <span data-best={meanMs === best.meanMs || undefined} title="Average time per answer">
              {formatDuration(meanMs)}
            </span>
            <span data-best={(costMicros !== null && costMicros === best.costMicros) || undefined} title="Total cost of the answers">
              {formatCost(costMicros)}
            </span>
          </>
        )}
        {done + failed > 0 && done + failed < samples && (
          <span>
            {done + failed} of {samples} done
          </span>
        )}
        {failed > 0 && <span className={styles.failed}>{failed} failed</span>}
      </div>
    </>
  );
}
