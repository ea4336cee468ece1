import type { StepLike } from '../../run-look/step-rows.ts';
import { formatDuration } from '../../ui/format.ts';
import { SettingWords } from '../../ui/setting-words.tsx';
import styles from './step-detail.module.css';

/** The tries of a step that failed: when, why, and what the other side answered. `told` is the reason that stands above already. */
export function FailedTries({ attempts, told }: { attempts: StepLike['attempts']; told: string | undefined }) {
  return attempts.map(({ startedAt, endedAt, error }, index) => {
    if (!error) return null;
    const answered = answerOf(error.details);
    return (
      <div key={startedAt}>
        <p className={styles.failed}>
          {attempts.length === 1 ? 'Failed' : `Try ${index + 1} of ${attempts.length} failed`}
          {endedAt && ` after ${formatDuration(Date.parse(endedAt) - Date.parse(startedAt))}`}
          {error.message !== told && (
            <>
              : <SettingWords text={error.message} />
            </>
          )}
        </p>
        {answered && <p className={styles.answer}>{answered}</p>}
      </div>
    );
  });
}

/** What the other side sent instead of what was expected. */
const answerOf = (details: Readonly<Record<string, unknown>> | undefined): string | undefined =>
  typeof details?.body === 'string' && details.body.trim() !== '' ? details.body : undefined;
