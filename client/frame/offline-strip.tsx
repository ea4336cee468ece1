import { Button } from '@mantine/core';
import { IconCloudOff } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import { liveSocket, useConnection } from '../live/socket.ts';
import styles from './offline-strip.module.css';

/** Shorter interruptions are not reported. */
const GRACE_MS = 1_500;

/** Shown while the server can’t be reached. */
export function OfflineStrip({ text }: { text: string }) {
  const online = useConnection((connection) => connection.online);
  const [shown, setShown] = useState(false);
  useEffect(() => {
    if (online) {
      setShown(false);
      return;
    }
    const timer = setTimeout(() => setShown(true), GRACE_MS);
    return () => clearTimeout(timer);
  }, [online]);
  if (!shown) return null;
  return (
    <div className={styles.strip} role="status">
      <IconCloudOff size={16} stroke={1.6} aria-hidden />
      <span className={styles.text}>{text}</span>
      <span className={styles.next}>Reconnecting…</span>
      <Button size="xs" onClick={() => liveSocket().connect()}>
        Retry now
      </Button>
    </div>
  );
}
