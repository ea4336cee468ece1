import { Button } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { messageOf } from './message-of.ts';
import styles from './toast.module.css';

/** Confirms an action, with an undo button. */
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

/** Confirms an action. While shown, the same confirmation renews its toast instead of adding another. */
export function showDone(message: string): string {
  const notice = { id: `done:${message}`, message, autoClose: 4_000 };
  notifications.update(notice);
  return notifications.show(notice);
}

/** Shows the notes of an action. Shows nothing if there are none. */
export function showNotes(notes: readonly string[]): void {
  for (const message of notes.slice(0, 3)) notifications.show({ message, autoClose: 20_000 });
}

/** Reports a failure and its reason. While shown, the same failure renews its toast instead of adding another. */
export function showFailure(title: string, thrown: unknown): string {
  const notice = { id: `failure:${title}`, title, message: messageOf(thrown), color: 'red', autoClose: 12_000 };
  notifications.update(notice);
  return notifications.show(notice);
}
