import { ApiError } from '../api/api-error.ts';
import { messageOf } from '../ui/message-of.ts';
import form from './form.module.css';

/** Why the server rejected a form. */
export function FormError({ error }: { error: unknown }) {
  if (!error) return null;
  const fields = error instanceof ApiError ? error.errors : [];
  return (
    <div className={form.error} role="alert">
      {messageOf(error)}
      {fields.map(({ path, message }) => (
        <div key={path + message}>
          {path}: {message}
        </div>
      ))}
    </div>
  );
}
