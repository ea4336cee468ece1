import { AppError } from '@switchyard/shared/errors.ts';
import { FileHandle } from '@switchyard/shared/files/file-handle.ts';
import { type FileEntry, filesOf } from '@switchyard/shared/files/stored-value.ts';
import { wholeValues } from '@switchyard/shared/run/blob.ts';
import { runs } from '../../store/collections.ts';
import type { ServiceContext } from '../context.ts';
import { openSealedFile } from '../policies/run-seal.ts';

export interface OpenedFile {
  readonly file: FileHandle;
  readonly content: Buffer;
}

type Reading = Pick<ServiceContext, 'payloads' | 'policies' | 'store' | 'workspaceId'>;

/** A file with its contents. Throws `file-removed`. */
export const readFile = async ({ payloads, policies, store, workspaceId }: Reading, file: FileHandle): Promise<OpenedFile> => ({
  file,
  content: await payloads.files.read(workspaceId, file, openSealedFile(store, policies.secrets)),
});

/** A file of a run. Served only if the run refers to it: data that only looks like a file doesn’t count. Throws `not-found`, `file-removed`. */
export async function getRunFile(context: ServiceContext, runId: string, id: string): Promise<OpenedFile> {
  const record = await context.store.get(runs, runId);
  const entry = record && (findIn([record.triggerData.body, record.output], id) ?? (await findInJournal(context, runId, id)));
  if (!entry) throw new AppError('not-found', 'This run doesn’t refer to that file.');
  return readFile(context, new FileHandle({ ...entry, id }));
}

const findIn = (values: readonly unknown[], id: string): FileEntry | undefined => values.flatMap(filesOf).find(({ $file }) => $file === id);

async function findInJournal({ store }: ServiceContext, runId: string, id: string): Promise<FileEntry | undefined> {
  for (const { events } of await store.readJournal(runId)) {
    const found = events.map((event) => findIn(wholeValues(event), id)).find((entry) => entry !== undefined);
    if (found) return found;
  }
  return undefined;
}
