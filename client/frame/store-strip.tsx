import { IconDatabaseOff } from '@tabler/icons-react';
import { useStoreState } from '../live/store-watch.ts';
import styles from './store-strip.module.css';

/** Shown while the server can’t reach its database. */
export function StoreStrip() {
  const away = useStoreState((state) => state.away);
  return (
    <div role="status" className={styles.place}>
      {away && (
        <p className={styles.strip}>
          <IconDatabaseOff size={16} stroke={1.6} aria-hidden />
          The server can’t reach its database. Your edits are saved in this browser, and runs continue once it’s back.
        </p>
      )}
    </div>
  );
}
