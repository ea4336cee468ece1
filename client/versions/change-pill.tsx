import { ActionIcon } from '@mantine/core';
import { IconChevronLeft, IconChevronRight, IconX } from '@tabler/icons-react';
import { useEditorApi } from '../open-workflow/editor-store.ts';
import styles from './compare-stage.module.css';
import { useComparison } from './comparison-context.tsx';
import { type Change, countChanges } from './graph-changes.ts';

/** Steps through the changes on the canvas, and counts them. */
export function ChangePill({ changes }: { changes: readonly Change[] }) {
  const { current, show, hide } = useComparison();
  const editor = useEditorApi();
  const go = (step: 1 | -1) => {
    const next = current === null ? (step === 1 ? 0 : changes.length - 1) : (current + step + changes.length) % changes.length;
    const change = changes[next];
    if (!change) return;
    show(next);
    editor.getState().announce(`${next + 1} of ${changes.length}: ${change.title}, ${describe(change)}`);
  };
  return (
    <section className={styles.pill} aria-label="Changes on the canvas">
      {changes.length === 0 ? (
        <span>No differences</span>
      ) : (
        <>
          <ActionIcon size={28} aria-label="Previous change" onClick={() => go(-1)}>
            <IconChevronLeft size={16} stroke={1.7} />
          </ActionIcon>
          <span className={styles.place}>
            {current === null ? `${changes.length} ${changes.length === 1 ? 'change' : 'changes'}` : `${current + 1} of ${changes.length}`}
          </span>
          <ActionIcon size={28} aria-label="Next change" onClick={() => go(1)}>
            <IconChevronRight size={16} stroke={1.7} />
          </ActionIcon>
          <span className={styles.divider} />
          {Object.entries(countChanges(changes)).map(([kind, count]) =>
            count === 0 ? null : (
              <span key={kind} className={styles.count} data-kind={kind}>
                <i aria-hidden />
                {count} <span>{kind}</span>
              </span>
            ),
          )}
        </>
      )}
      <span className={styles.divider} />
      <ActionIcon size={28} aria-label="Hide comparison" onClick={hide}>
        <IconX size={15} stroke={1.7} />
      </ActionIcon>
    </section>
  );
}

const describe = ({ of, kind }: Change): string => (of === 'edge' ? `edge ${kind}` : kind);
