import { AppError } from '@switchyard/shared/errors.ts';
import { FileHandle } from '@switchyard/shared/files/file-handle.ts';
import { findFiles } from '@switchyard/shared/files/stored-value.ts';
import type { ReviewRecord } from '../../store/collections.ts';
import type { ServiceContext } from '../context.ts';
import { type OpenedFile, readFile } from '../files/read-file.ts';
import { getReviewRecord } from './reviews.ts';

/** A file that a review shows. Throws `not-found`, `file-removed`. */
export const getReviewFile = async (context: ServiceContext, id: string, file: string): Promise<OpenedFile> =>
  fileOf(context, await getReviewRecord(context, id), file);

async function fileOf(context: ServiceContext, { fields, context: shown }: ReviewRecord, id: string): Promise<OpenedFile> {
  const entry = findFiles({ fields, context: shown }).find(({ $file }) => $file === id);
  if (!entry) throw new AppError('not-found', 'This review doesn’t show that file.');
  return readFile(context, new FileHandle({ ...entry, id }));
}
