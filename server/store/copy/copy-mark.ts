import { AppError } from '@switchyard/shared/errors.ts';
import { settings } from '../collections.ts';
import type { Store } from '../port.ts';
import { INSTALLATION } from '../workspaces.ts';

/** A record in the target while a copy into it is unfinished. It is not part of the copied data. */
export const COPY_MARK = 'copy';

/** Marks a target as incomplete, with its source and the command that fills it. */
export const setCopyMark = async (store: Store, source: string, command: 'copy' | 'restore' = 'copy'): Promise<void> =>
  store.in(INSTALLATION).insert(settings, { id: COPY_MARK, workspaceId: INSTALLATION, value: { source, command } });

/** The source of the unfinished copy; undefined if there is none. */
export const readCopyMark = async (store: Store): Promise<string | undefined> => {
  const mark = await store.in(INSTALLATION).get(settings, COPY_MARK);
  return mark && String((mark.value as { source?: unknown }).source);
};

/** Marks the target as complete and usable. */
export const clearCopyMark = async (store: Store): Promise<boolean> => store.in(INSTALLATION).delete(settings, COPY_MARK);

/** Rejects an installation whose copy or restore is unfinished. Throws AppError `not-ready`. */
export const assertNoUnfinishedCopy = async (store: Store): Promise<void> => {
  const mark = await store.in(INSTALLATION).get(settings, COPY_MARK);
  if (!mark) return;
  const { source, command } = mark.value as { source?: unknown; command?: unknown };
  throw new AppError(
    'not-ready',
    command === 'restore'
      ? `The restore of ${source} into this database is incomplete. Run \`switchyard restore\` again with the same backup to continue.`
      : `The copy from ${source} into this database is incomplete. Run \`switchyard copy\` again with the same arguments to continue it.`,
  );
};
