import type { Connection } from '@switchyard/shared/contracts/models.ts';
import type { RouteFiguresView } from '@switchyard/shared/contracts/routes.ts';
import { Link } from '@tanstack/react-router';
import { TimeAgo } from '../../ui/figures.tsx';
import { formatDuration } from '../../ui/format.ts';
import styles from './dock.module.css';
import { clockText } from './figures/figure-texts.ts';
import { reasonText } from './figures/live-path.ts';

const HEIGHT = 44;
const STEP = 8;

/** Which calls of the last hour a later target answered, and why. */
export function Fallbacks({ figures, connections }: { figures: RouteFiguresView; connections: readonly Connection[] }) {
  const { recent } = figures;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
    <section className={styles.fallbacks} aria-label="Fallbacks of the last hour" tabIndex={0}>
      <MinuteChart figures={figures} />
      {recent.length === 0 ? (
        <p className={styles.quiet}>No fallbacks. Calls that a later target answers appear here, with the reason.</p>
      ) : (
        <ul className={styles.recent} aria-label="Latest fallbacks">
          {recent.map(({ at, runId, nodeKey, reason, connectionId, model, latencyMs }) => (
            <li key={`${at}${runId}${nodeKey}`}>
              <TimeAgo at={at} />
              {runId === null ? (
                <span>{nodeKey ?? 'Call over /v1'}</span>
              ) : (
                <Link to="/runs/$id" params={{ id: runId }}>
                  {nodeKey ?? 'Run'}
                </Link>
              )}
              <span className={styles.why}>{reasonText(reason)}</span>
              <span className={styles.about}>
                {model} on {connections.find(({ id }) => id === connectionId)?.name ?? 'a deleted connection'}
              </span>
              <span>{formatDuration(latencyMs)}</span>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

/** Calls by minute, first choice and later targets. */
function MinuteChart({ figures: { minutes, since } }: { figures: RouteFiguresView }) {
  const most = Math.max(1, ...minutes.map(({ first, later, failed }) => first + later + failed));
  const later = minutes.reduce((sum, minute) => sum + minute.later, 0);
  const height = (count: number) => (count === 0 ? 0 : Math.max(2, (count / most) * HEIGHT));
  return (
    <figure className={styles.chart}>
      <svg
        viewBox={`0 0 ${minutes.length * STEP - 2} ${HEIGHT}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={`Calls by minute in the last hour, ${later} answered by a later target`}
      >
        {minutes.map((minute, index) => {
          const parts = [
            { className: styles.later, size: height(minute.later) },
            { className: styles.first, size: height(minute.first) },
            { className: styles.failed, size: height(minute.failed) },
          ];
          let below = 0;
          return parts.map(({ className, size }) => {
            below += size;
            return <rect key={className} className={className} x={index * STEP} y={HEIGHT - below} width={STEP - 2} height={size} data-minute={index} />;
          });
        })}
      </svg>
      <figcaption>
        <span data-kind="first">first choice</span>
        <span data-kind="later">a later target</span>
        <span data-kind="failed">failed</span>
        <span>counted since {clockText(since)}</span>
      </figcaption>
    </figure>
  );
}
