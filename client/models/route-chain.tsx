import type { Connection } from '@switchyard/shared/contracts/models.ts';
import { DEFAULT_TARGET_TIMEOUT_MS, type Route, type RouteTarget } from '@switchyard/shared/contracts/routes.ts';
import { IconCircleX } from '@tabler/icons-react';
import { formatDuration } from '../ui/format.ts';
import { KINDS } from './kinds.tsx';
import styles from './route-chain.module.css';

/** A route as it is tried: its targets in order, with the condition for the next one on each arrow. */
export function RouteChain({ route, connections }: { route: Route; connections: readonly Connection[] }) {
  const before = (index: number) => route.targets[index - 1];
  return (
    <ol className={styles.chain} data-long={route.targets.length > 2 || undefined} aria-label={`Targets of ${route.name}, tried in this order`}>
      {route.targets.map((target, index) => (
        <li key={`${target.connectionId}/${target.model}`} className={styles.link}>
          <Arrow after={before(index)} />
          <Target target={target} connection={connections.find(({ id }) => id === target.connectionId)} />
        </li>
      ))}
      {route.targets.length > 1 && (
        <li className={styles.link}>
          <span className={styles.arrow}>
            <ArrowHead />
          </span>
          <span className={styles.end}>step fails</span>
        </li>
      )}
    </ol>
  );
}

function Arrow({ after }: { after: RouteTarget | undefined }) {
  if (!after) return null;
  return (
    <span className={styles.arrow}>
      <span className={styles.line} />
      <span>on error or after {formatDuration(after.timeoutMs ?? DEFAULT_TARGET_TIMEOUT_MS).replace('.0 ', ' ')}</span>
      <ArrowHead />
    </span>
  );
}

function ArrowHead() {
  return (
    <svg className={styles.head} viewBox="0 0 20 8" aria-hidden="true">
      <path className={styles.shaft} d="M0 4h14" />
      <path className={styles.tip} d="M13 .8 19.2 4 13 7.2z" />
    </svg>
  );
}

function Target({ target, connection }: { target: RouteTarget; connection: Connection | undefined }) {
  if (!connection) {
    return (
      <span className={styles.target} data-failing>
        <IconCircleX size={17} stroke={1.6} aria-hidden />
        {target.model}: connection deleted
      </span>
    );
  }
  const { Icon } = KINDS[connection.kind];
  const failing = connection.health?.ok === false;
  const temperature = target.parameters?.temperature;
  const about = [connection.name, temperature === undefined ? '' : `temperature ${temperature}`].filter(Boolean).join(' · ');
  return (
    <span className={styles.target} data-failing={failing || undefined}>
      {failing ? <IconCircleX size={17} stroke={1.6} aria-hidden /> : <Icon size={17} stroke={1.6} aria-hidden />}
      <span className={styles.words}>
        <span className={styles.model}>{target.model}</span>
        <span className={styles.on}>
          {connection.kind === 'demo' ? 'demo, rule-based, free' : about}
          {failing && (
            <>
              {' · '}
              <strong>failing</strong>
            </>
          )}
        </span>
      </span>
    </span>
  );
}
