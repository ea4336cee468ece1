import { AppError } from '@switchyard/shared/errors.ts';
import { DEFAULT_WORKSPACE, settings } from '../collections.ts';
import type { Store } from '../port.ts';

/** A record of the target, there while a copy into it is not finished. It is no part of what is copied. */
export const COPY_MARK = 'copy';

/** Marks a target as half full, and where from. */
export const setCopyMark = async (store: Store, source: string): Promise<void> =>
  store.in(DEFAULT_WORKSPACE).insert(settings, { id: COPY_MARK, workspaceId: DEFAULT_WORKSPACE, value: { source } });

/** Where the unfinished copy comes from; undefined when there is none. */
export const readCopyMark = async (store: Store): Promise<string | undefined> => {
  const mark = await store.in(DEFAULT_WORKSPACE).get(settings, COPY_MARK);
  return mark && String((mark.value as { source?: unknown }).source);
};

/** The target is whole and may be used. */
export const clearCopyMark = async (store: Store): Promise<boolean> => store.in(DEFAULT_WORKSPACE).delete(settings, COPY_MARK);

/** Refuses to work on half an installation. Throws AppError `not-ready`. */
export const assertNoUnfinishedCopy = async (store: Store): Promise<void> => {
  const source = await readCopyMark(store);
  if (source === undefined) return;
  throw new AppError(
    'not-ready',
    `A copy from ${source} into this database was not finished. Run \`switchyard copy\` once more with the same addresses; it goes on where it stopped.`,
  );
};
