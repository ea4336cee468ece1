import { AppError } from '@switchyard/shared/errors.ts';
import { blobOf } from '@switchyard/shared/files/stored-value.ts';
import { wholeValues } from '@switchyard/shared/run/blob.ts';
import { runs } from '../../store/collections.ts';
import type { ServiceContext } from '../context.ts';

/** A full value of a record or journal, even if stored separately, with its files. */
export const loadValue = (context: Pick<ServiceContext, 'payloads' | 'workspaceId'>, value: unknown): Promise<unknown> =>
  context.payloads.read(context.workspaceId, value);

/** A large value of a run. Served only if the run refers to it: data that only looks like a reference doesn't count. */
export async function getRunBlob(context: ServiceContext, runId: string, hash: string): Promise<unknown> {
  const record = await context.store.get(runs, runId);
  const isIt = (value: unknown): boolean => blobOf(value)?.$blob === hash;
  const refers = record && (isIt(record.triggerData.body) || isIt(record.output) || (await journalRefers(context, runId, isIt)));
  if (!refers) throw new AppError('not-found', 'This run doesn’t refer to that value.');
  return context.payloads.load(context.workspaceId, hash);
}

const journalRefers = async ({ store }: ServiceContext, runId: string, isIt: (value: unknown) => boolean): Promise<boolean> =>
  (await store.readJournal(runId)).some((row) => row.events.some((event) => wholeValues(event).some(isIt)));
