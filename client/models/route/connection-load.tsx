import { type Connection, LOCAL_CALLS_AT_ONCE } from '@switchyard/shared/contracts/models.ts';
import { formatNumber } from '../../ui/format.ts';
import styles from './panel.module.css';

/** The limits of a connection, and how much of them is in use. */
export function ConnectionLoad({ connection: { name, limits, load } }: { connection: Connection }) {
  if (!load) return null;
  const lines = [
    { label: 'Calls per minute', used: load.requests, limit: limits?.requestsPerMinute },
    { label: 'Tokens per minute', used: load.tokens, limit: limits?.tokensPerMinute },
    { label: 'Calls at once', used: load.running, limit: limits?.atOnce },
  ].filter(({ limit }) => limit !== undefined);
  return (
    <section className={styles.load} aria-label={`Limits of ${name}`}>
      <h3>Limits of {name}</h3>
      {lines.map(({ label, used, limit = 1 }) => (
        <p key={label} className={styles.loadLine}>
          <span>{label}</span>
          <i className={styles.loadBar} aria-hidden>
            <i style={{ width: `${Math.min(100, (used / limit) * 100)}%` }} />
          </i>
          <span>
            <b>{formatNumber(used)}</b> of {formatNumber(limit)}
          </span>
        </p>
      ))}
      <p className={styles.help}>
        {lines.length === 0 && `None set. Servers on this machine get ${LOCAL_CALLS_AT_ONCE} calls at once. `}
        {load.waiting === 0 ? 'Queue: empty.' : `Queue: ${formatNumber(load.waiting)} waiting.`} Workflows take turns, then tenants.
      </p>
    </section>
  );
}
