import type { Review, ReviewStory } from '@switchyard/shared/contracts/reviews.ts';
import { Link } from '@tanstack/react-router';
import styles from './review-rounds.module.css';

type Round = ReviewStory['rounds'][number];

/** The reviews of this step in all its rounds, with their comments. */
export function ReviewRounds({ rounds, review, byLink }: { rounds: readonly Round[]; review: Review; byLink: boolean }) {
  return (
    <section className={styles.section}>
      <h2 className={styles.heading}>Rounds</h2>
      <ol className={styles.rounds}>
        {rounds.map((round) => (
          <li key={round.id} className={styles.round}>
            <p>
              {byLink || round.id === review.id ? (
                <span className={styles.name}>Round {round.round}</span>
              ) : (
                <Link to="/inbox" search={(before) => ({ ...before, task: round.id })} className={styles.link}>
                  Round {round.round}
                </Link>
              )}
              <span className={styles.what}>{round.id === review.id ? `${outcome(round, review)} (this one)` : outcome(round, review)}</span>
            </p>
            {round.decision?.comment && <p className={styles.comment}>“{round.decision.comment}”</p>}
          </li>
        ))}
      </ol>
    </section>
  );
}

function outcome({ status, decision, decidedBy }: Round, { decisions }: Review): string {
  if (status === 'open') return 'waits for a decision';
  if (!decision) return 'was not decided';
  return `${decisions.find(({ id }) => id === decision.decision)?.title ?? decision.decision} by ${decidedBy}`;
}
