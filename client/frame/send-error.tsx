import { ApiError } from '../api/api-error.ts';
import { messageOf } from '../ui/message-of.ts';
import styles from './send-error.module.css';

/** Why the server rejected a change, with the fields it names. */
export function SendError({ error }: { error: unknown }) {
  if (!error) return null;
  const fields = error instanceof ApiError ? error.errors : [];
  return (
    <div className={styles.error} role="alert">
      {fields.length === 0
        ? messageOf(error)
        : fields.map(({ path, message }) => (
            <div key={path + message}>
              <code>{path}</code>: {message}
            </div>
          ))}
    </div>
  );
}
