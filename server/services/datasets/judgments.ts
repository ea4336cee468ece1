import { createHash } from 'node:crypto';
import { canonicalJson } from '@switchyard/shared/canonical-json.ts';
import type { Grade } from '@switchyard/shared/contracts/evaluation/graders.ts';
import type * as contracts from '@switchyard/shared/contracts/evaluation/rubrics.ts';
import { type JudgedOutput, type Judgment, MOST_JUDGMENTS } from '@switchyard/shared/contracts/evaluation/rubrics.ts';
import { AppError } from '@switchyard/shared/errors.ts';
import type { z } from 'zod';
import { type JudgmentRecord, judgments } from '../../store/evaluation/rubric-collections.ts';
import { insertIfAbsent } from '../../store/insert-if-absent.ts';
import type { Page, WorkspaceStore } from '../../store/port.ts';
import { type ServiceContext, timestamp } from '../context.ts';
import { datasetOf } from './datasets.ts';
import { readItemVersion } from './frozen-items.ts';
import { checkedContent } from './item-record.ts';
import { getItem } from './items.ts';

/* What people say about outputs of items. Invariant: a person has one judgment of an output. */

type Given = z.output<(typeof contracts.judgeOutput)['body']>;
type Listed = z.output<(typeof contracts.listJudgments)['query']>;

const viewOf = ({ workspaceId: _workspace, runId: _run, ...judgment }: JudgmentRecord): Judgment => judgment;

/** Identifies an output of an item that a person judges. */
const judgmentId = (itemId: string, output: unknown, by: string): string =>
  `jdg_${createHash('sha256')
    .update(canonicalJson([itemId, output ?? null, by]))
    .digest('hex')
    .slice(0, 40)}`;

/** Records or replaces the caller’s judgment of an output. */
export async function judgeOutput(context: ServiceContext, datasetId: string, itemId: string, { output, verdict, reason }: Given): Promise<Judgment> {
  const { store, workspaceId, caller } = context;
  await datasetOf(context, datasetId);
  const item = await getItem(context, datasetId, itemId);
  if (item.removedAt !== null) throw new AppError('payload-removed', 'The values of this item were removed with its run’s data.');
  checkedContent({ input: output });
  const said = { verdict, reason, at: timestamp(context), itemVersion: item.version };
  const id = judgmentId(itemId, output, `${caller.kind} ${caller.id}`);
  const changed = await store.update(judgments, id, said);
  if (changed) return viewOf(changed);
  if ((await store.count(judgments, { where: { itemId } }, MOST_JUDGMENTS)) >= MOST_JUDGMENTS)
    throw new AppError('too-large', `The item has ${MOST_JUDGMENTS} judgments, which is the limit. Delete one first.`);
  const record: JudgmentRecord = { id, workspaceId, datasetId, itemId, output: output ?? null, by: caller.name, runId: item.source.runId, ...said };
  const isNew = await insertIfAbsent(store, judgments, record);
  return viewOf((isNew ? undefined : await store.update(judgments, id, said)) ?? record);
}

export async function listJudgments(context: ServiceContext, datasetId: string, { limit, cursor, itemId }: Listed): Promise<Page<JudgedOutput>> {
  const { store } = context;
  await datasetOf(context, datasetId);
  const page = await store.find(judgments, {
    where: itemId === undefined ? { datasetId } : { itemId, datasetId },
    order: { field: 'at', descending: true },
    limit,
    ...(cursor !== undefined && { cursor }),
  });
  const read = page.items.map(async (record) => {
    const { input, expected } = await readItemVersion(store, `${record.itemId}:${record.itemVersion}`);
    return { ...viewOf(record), input, ...(expected !== undefined && { expected }) };
  });
  return { ...page, items: await Promise.all(read) };
}

/** The newest judgment of an output, as a grade. Undefined if no person has judged it. */
export async function judgmentOf(store: WorkspaceStore, itemId: string, output: unknown): Promise<Pick<Grade, 'score' | 'verdict' | 'reason'> | undefined> {
  const { items } = await store.find(judgments, { where: { itemId }, order: { field: 'at', descending: true }, limit: MOST_JUDGMENTS });
  const wanted = canonicalJson(output ?? null);
  const found = items.find((judgment) => canonicalJson(judgment.output) === wanted);
  return found && { score: found.verdict === 'pass' ? 1 : 0, verdict: found.verdict, reason: found.reason === '' ? `Judged by ${found.by}` : found.reason };
}

export async function deleteJudgment({ store }: ServiceContext, datasetId: string, id: string): Promise<{ deleted: true }> {
  const record = await store.get(judgments, id);
  if (!record || record.datasetId !== datasetId) throw new AppError('not-found', 'Judgment not found. It may have been deleted.');
  await store.delete(judgments, id);
  return { deleted: true };
}
