import { Button } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { messageOf } from './message-of.ts';
import styles from './toast.module.css';

/** Says that something was done, with a way back. */
export function showUndo(message: string, undo: () => void): void {
  const id = crypto.randomUUID();
  const takeBack = () => {
    notifications.hide(id);
    undo();
  };
  notifications.show({
    id,
    autoClose: 10_000,
    withBorder: false,
    message: (
      <div className={styles.undo}>
        <span>{message}</span>
        <Button size="xs" onClick={takeBack}>
          Undo
        </Button>
      </div>
    ),
  });
}

/** Says that something was done. */
export const showDone = (message: string): string => notifications.show({ message, autoClose: 4_000 });

/** Says that something did not work, and why. While it is shown, the same failure renews its notice rather than adding one. */
export function showFailure(title: string, thrown: unknown): string {
  const notice = { id: `failure:${title}`, title, message: messageOf(thrown), color: 'red', autoClose: 12_000 };
  notifications.update(notice);
  return notifications.show(notice);
}
