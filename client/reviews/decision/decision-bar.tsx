import { Button } from '@mantine/core';
import type { Review } from '@switchyard/shared/contracts/reviews.ts';
import { COMMAND_KEY, Kbd } from '../../ui/kbd.tsx';
import styles from './decision-bar.module.css';
import { decisionRow } from './decision-look.ts';
import type { ReviewDecision } from './use-decision.ts';

/** The decisions as buttons: the main one on the right with its shortcut, rejections in red. */
export function DecisionBar({ review, decision: { send, sending } }: { review: Review; decision: ReviewDecision }) {
  const { main, others } = decisionRow(review.decisions);
  return (
    <section className={styles.bar} aria-label="Decisions">
      {others.map(({ decision, refuses }) => (
        <Button
          key={decision.id}
          className={refuses ? styles.refuses : styles.other}
          loading={sending === decision.id}
          disabled={sending !== undefined && sending !== decision.id}
          onClick={() => send(decision.id)}
        >
          {decision.title || decision.id}
        </Button>
      ))}
      <span className={styles.space} />
      {main && (
        <>
          <span className={styles.keys} aria-hidden>
            <Kbd>{COMMAND_KEY}</Kbd>
            <Kbd>↵</Kbd>
          </span>
          <Button
            className={styles.main}
            variant="filled"
            aria-keyshortcuts="Meta+Enter Control+Enter"
            loading={sending === main.id}
            disabled={sending !== undefined && sending !== main.id}
            onClick={() => send(main.id)}
          >
            {main.title || main.id}
          </Button>
        </>
      )}
    </section>
  );
}
