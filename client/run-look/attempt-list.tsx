import type { CallAttempt } from '@switchyard/shared/run/events.ts';
import { isRemoved } from '@switchyard/shared/run/removed.ts';
import { formatCost, formatDuration, formatNumber } from '../ui/format.ts';
import styles from './attempt-list.module.css';
import { JsonView } from './json-view.tsx';
import { tokensLabel } from './tokens-label.ts';

/** The attempts of a model call: target, outcome, figures, request, and answer. */
export function AttemptList({ attempts, runId }: { attempts: readonly CallAttempt[]; runId: string }) {
  return (
    <ol className={styles.list} aria-label="Attempts">
      {attempts.map((attempt, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: attempts are identified by their order
        <li key={index} className={styles.attempt}>
          <span className={attempt.error ? styles.failed : undefined}>
            {attempt.connection} {attempt.model}: {attempt.error?.message ?? 'succeeded'}
          </span>
          <span className={styles.figures}>{figuresOf(attempt)}</span>
          {attempt.error && attempt.answer !== undefined && (
            <details>
              <summary>Response</summary>
              <p className={styles.text}>{attempt.answer}</p>
              {attempt.answerLength !== undefined && <p className={styles.figures}>The first part of {formatNumber(attempt.answerLength)} characters</p>}
            </details>
          )}
          {attempt.request !== undefined && !isRemoved(attempt.request) && (
            <details>
              <summary>Sent</summary>
              <JsonView value={attempt.request} runId={runId} label="Sent with this attempt" />
            </details>
          )}
        </li>
      ))}
    </ol>
  );
}

function figuresOf({ error, latencyMs, queuedMs, firstTokenMs, usage, costMicros }: CallAttempt): string {
  return [
    error?.code,
    formatDuration(latencyMs),
    queuedMs !== undefined && `queued ${formatDuration(queuedMs)}`,
    firstTokenMs !== undefined && `first token after ${formatDuration(firstTokenMs)}`,
    usage && tokensLabel(usage),
    costMicros !== undefined && formatCost(costMicros),
  ]
    .filter(Boolean)
    .join(' · ');
}
