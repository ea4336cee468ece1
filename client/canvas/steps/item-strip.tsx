import { type ItemStatus, statusOfItem } from '@switchyard/shared/run/fold-frame.ts';
import type { StepState } from '@switchyard/shared/run/state.ts';
import { IconCheck, IconChevronLeft, IconChevronRight, IconCircleDashed, IconLoader2, IconSquare, IconUser, IconX } from '@tabler/icons-react';
import { useItemsAround } from '../../open-workflow/item-values.ts';
import { useContainer } from '../../open-workflow/run-source.ts';
import { showItem } from '../../open-workflow/shown-item.ts';
import styles from './container-node.module.css';

const ICONS: Record<ItemStatus, typeof IconCheck> = {
  'not-started': IconCircleDashed,
  running: IconLoader2,
  waiting: IconUser,
  succeeded: IconCheck,
  failed: IconX,
  cancelled: IconSquare,
};
const WORDS: Record<ItemStatus, string> = {
  'not-started': 'not started',
  running: 'running',
  waiting: 'waiting',
  succeeded: 'succeeded',
  failed: 'failed',
  cancelled: 'canceled',
};
const SHOWN = 9;

/** The items of the displayed run: arrows, the number and name of the one shown, and those around it. */
export function ItemStrip({ step }: { step: StepState | undefined }) {
  const source = useContainer(step);
  const { nameOf, statusOf } = useItemsAround(source, step);
  const count = step?.items?.count ?? 0;
  if (!step || !source || count === 0)
    return <div className={styles.strip}>{step?.items ? 'The list has no items.' : 'Each item appears here when it runs.'}</div>;
  const { runId, shown, state } = source;
  const container = state.containers.get(step.id);
  const first = Math.max(0, Math.min(shown - Math.floor(SHOWN / 2), count - SHOWN));
  const around = Array.from({ length: Math.min(SHOWN, count) }, (_, index) => first + index);
  const show = (index: number) => showItem(runId, step.id, index);
  const name = nameOf(shown);
  return (
    <div className={`${styles.strip} nodrag nopan`}>
      <button type="button" className={styles.arrow} aria-label="Previous item" disabled={shown === 0} onClick={() => show(shown - 1)}>
        <IconChevronLeft size={16} stroke={1.7} aria-hidden />
      </button>
      <span className={styles.item}>Item {shown + 1}</span>
      <button type="button" className={styles.arrow} aria-label="Next item" disabled={shown >= count - 1} onClick={() => show(shown + 1)}>
        <IconChevronRight size={16} stroke={1.7} aria-hidden />
      </button>
      <span className={styles.name} title={name}>
        {name}
      </span>
      {around.map((index) => {
        const status = container ? statusOfItem(container, index) : statusOf(index);
        const Icon = ICONS[status];
        return (
          <button
            key={index}
            type="button"
            className={styles.chip}
            data-status={status}
            aria-current={index === shown || undefined}
            aria-label={`Item ${index + 1}, ${WORDS[status]}`}
            onClick={() => show(index)}
          >
            {status !== 'not-started' && <Icon size={12} stroke={2} aria-hidden />}
            {index + 1}
          </button>
        );
      })}
    </div>
  );
}
