import { IconDatabaseOff, IconPlugConnectedX } from '@tabler/icons-react';
import { useStoreState } from '../live/store-watch.ts';
import styles from './store-strip.module.css';

const MESSAGES = {
  database: {
    Icon: IconDatabaseOff,
    text: 'The server can’t reach its database. Your edits are saved in this browser, and runs continue once it’s back.',
  },
  redis: { Icon: IconPlugConnectedX, text: 'Redis is unavailable. Runs continue, but can start and appear a few seconds late.' },
} as const;

/** Shown while the server can’t reach its database or Redis. */
export function StoreStrip() {
  const away = useStoreState((state) => state.away);
  const message = away === null ? undefined : MESSAGES[away];
  return (
    <div role="status" className={styles.place}>
      {message && (
        <p className={styles.strip}>
          <message.Icon size={16} stroke={1.6} aria-hidden />
          {message.text}
        </p>
      )}
    </div>
  );
}
