import { AppError } from '@switchyard/shared/errors.ts';
import { settings } from '../collections.ts';
import type { Store } from '../port.ts';
import { INSTALLATION } from '../workspaces.ts';

/** A record in the target while a copy into it is unfinished. It is not part of the copied data. */
export const COPY_MARK = 'copy';

/** Marks a target as incomplete, with its source. */
export const setCopyMark = async (store: Store, source: string): Promise<void> =>
  store.in(INSTALLATION).insert(settings, { id: COPY_MARK, workspaceId: INSTALLATION, value: { source } });

/** The source of the unfinished copy; undefined if there is none. */
export const readCopyMark = async (store: Store): Promise<string | undefined> => {
  const mark = await store.in(INSTALLATION).get(settings, COPY_MARK);
  return mark && String((mark.value as { source?: unknown }).source);
};

/** Marks the target as complete and usable. */
export const clearCopyMark = async (store: Store): Promise<boolean> => store.in(INSTALLATION).delete(settings, COPY_MARK);

/** Rejects an installation whose copy is unfinished. Throws AppError `not-ready`. */
export const assertNoUnfinishedCopy = async (store: Store): Promise<void> => {
  const source = await readCopyMark(store);
  if (source === undefined) return;
  throw new AppError(
    'not-ready',
    `A copy from ${source} into this database was not finished. Run \`switchyard copy\` again with the same arguments to continue it.`,
  );
};
