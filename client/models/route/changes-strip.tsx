import { Button, TextInput } from '@mantine/core';
import type { Route } from '@switchyard/shared/contracts/routes.ts';
import { ApiError } from '../../api/api-error.ts';
import { FormError } from '../form-error.tsx';
import type { RouteContent } from '../route-draft/route-draft.ts';
import type { RouteDraft } from '../route-draft/use-route-draft.ts';
import styles from './route-page.module.css';

interface Props {
  readonly route: Route;
  readonly draft: RouteDraft;
  readonly problems: ReadonlyMap<string, string>;
  /** Why saving failed. */
  readonly error: unknown;
}

/** The unsaved changes, why they can’t be saved, and a reason for the next version. */
export function ChangesStrip({ route, draft, problems, error }: Props) {
  const isBehind = draft.base !== route.version;
  const [problem] = problems;
  const isConflict = error instanceof ApiError && error.code === 'revision-conflict';
  return (
    <section className={styles.strip} aria-label="Unsaved changes">
      <p className={styles.words}>
        {draft.changes.length > 0 ? `Changed: ${draft.changes.join(', ')}.` : `Nothing differs from v${draft.base}.`} Saved in this browser as you type.
        {route.automatic && ' Once saved as a version, the route no longer follows your connections automatically.'}
      </p>
      {isBehind && (
        <p className={styles.conflict} role="status">
          <span>
            v{route.version} is in use by now, and your edits started from v{draft.base}. Keep them on top of v{route.version}, then check the changes and save.
          </span>
          <Button size="xs" onClick={draft.rebase}>
            Keep my edits on v{route.version}
          </Button>
        </p>
      )}
      {problem && (
        <p className={styles.conflict} role="status">
          <span>
            {placeOf(problem[0], draft.content)}: {problem[1]}
          </span>
        </p>
      )}
      {!isConflict && problems.size === 0 && <FormError error={error} />}
      <div className={styles.fields}>
        <TextInput
          className={styles.reason}
          aria-label="Reason"
          placeholder="Reason (optional): what changed, and why"
          maxLength={1_000}
          value={draft.reason}
          onChange={(event) => draft.setReason(event.currentTarget.value)}
        />
        <Button onClick={draft.discard}>Discard my edits</Button>
      </div>
    </section>
  );
}

/** The setting at a path such as `targets.1.when`, in words. */
function placeOf(path: string, { targets }: RouteContent): string {
  const index = Number(path.match(/^targets\.(\d+)/)?.[1] ?? Number.NaN);
  const target = targets[index]?.target;
  if (target) return `Target ${index + 1}${target.model ? ` (${target.model})` : ''}`;
  return path === 'stickyKey' ? 'Sticky key' : 'Route';
}
