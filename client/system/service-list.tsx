import type { System } from '@switchyard/shared/contracts/system.ts';
import { IconBroadcast, IconDatabase } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { TimeAgo } from '../ui/figures.tsx';
import { DATABASE_LABELS, latencyWords } from './system-labels.ts';
import styles from './system-page.module.css';

/** The database, and Redis if there is one: whether they respond, and what is wrong. */
export function ServiceList({ system: { database, redis } }: { system: System }) {
  return (
    <ul className={styles.list} aria-label="Database and Redis">
      <Service
        icon={<IconDatabase size={17} stroke={1.6} aria-hidden />}
        name={DATABASE_LABELS[database.kind]}
        state={database.state}
        text={database.latencyMs === null ? 'Requests get 503. Runs continue once it’s back.' : `responds in ${latencyWords(database.latencyMs)}`}
        problems={database.problem === null ? [] : [database.problem]}
      />
      <Service
        icon={<IconBroadcast size={17} stroke={1.6} aria-hidden />}
        name="Redis"
        state={redis?.state ?? 'none'}
        text={
          redis ? (
            <>
              since <TimeAgo at={redis.since} />
            </>
          ) : (
            'Only needed to run several processes.'
          )
        }
        problems={redis?.state === 'away' ? [...redis.problems, WITHOUT_REDIS] : (redis?.problems ?? [])}
      />
    </ul>
  );
}

interface ServiceProps {
  readonly icon: ReactNode;
  readonly name: string;
  readonly state: 'connected' | 'away' | 'none';
  readonly text: ReactNode;
  readonly problems: readonly string[];
}

const WITHOUT_REDIS = 'Nothing is lost meanwhile. Runs can start and appear up to 3 s late.';
const LABELS = { connected: 'Connected', away: 'Unavailable', none: 'Not used' };
/** Same colors as for processes. */
const STATES = { connected: 'live', away: 'silent', none: 'idle' };

function Service({ icon, name, state, text, problems }: ServiceProps) {
  return (
    <li className={styles.service}>
      {icon}
      <span className={styles.serviceName}>{name}</span>
      <span className={styles.state} data-state={STATES[state]}>
        <i className={styles.dot} aria-hidden />
        {LABELS[state]}
      </span>
      <span className={styles.about}>{text}</span>
      {problems.map((problem) => (
        <p key={problem} className={styles.problem}>
          {problem}
        </p>
      ))}
    </li>
  );
}
