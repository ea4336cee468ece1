import type * as contracts from '@switchyard/shared/contracts/evaluation/rubrics.ts';
import { MOST_RUBRICS, type Rubric } from '@switchyard/shared/contracts/evaluation/rubrics.ts';
import { AppError, isAppError } from '@switchyard/shared/errors.ts';
import type { z } from 'zod';
import { type RubricRecord, rubrics } from '../../store/evaluation/rubric-collections.ts';
import type { Page } from '../../store/port.ts';
import { type ServiceContext, timestamp } from '../context.ts';
import { newId } from '../ids.ts';

/* Rubrics. Experiments copy the text of a rubric, so a change doesn’t affect what they ran with. */

type Body<C extends { body: z.ZodType }> = z.output<C['body']>;

const nameKeyOf = (name: string): string => name.toLowerCase();
const viewOf = ({ workspaceId: _workspace, nameKey: _key, ...rubric }: RubricRecord): Rubric => rubric;

async function rubricOf({ store }: ServiceContext, id: string): Promise<RubricRecord> {
  const record = await store.get(rubrics, id);
  if (!record) throw new AppError('not-found', 'Rubric not found. It may have been deleted.');
  return record;
}

export async function listRubrics({ store }: ServiceContext, { limit, cursor }: { limit: number; cursor?: string | undefined }): Promise<Page<Rubric>> {
  const page = await store.find(rubrics, { order: { field: 'nameKey' }, limit, ...(cursor !== undefined && { cursor }) });
  return { ...page, items: page.items.map(viewOf) };
}

/** Throws `already-exists` and `too-large`. */
export async function createRubric(context: ServiceContext, body: Body<typeof contracts.createRubric>): Promise<Rubric> {
  const { store, workspaceId } = context;
  if ((await store.count(rubrics, {}, MOST_RUBRICS)) >= MOST_RUBRICS)
    throw new AppError('too-large', `There are ${MOST_RUBRICS} rubrics, which is the limit. Delete one first.`);
  const at = timestamp(context);
  const record = { ...body, id: newId('rub', context.now()), workspaceId, nameKey: nameKeyOf(body.name), revision: 1, createdAt: at, updatedAt: at };
  await namedOnce(body.name, () => store.insert(rubrics, record));
  return viewOf(record);
}

async function namedOnce<T>(name: string, write: () => Promise<T>): Promise<T> {
  try {
    return await write();
  } catch (thrown) {
    if (!isAppError(thrown, 'already-exists')) throw thrown;
    throw new AppError('already-exists', `A rubric named “${name}” already exists. Choose another name.`);
  }
}

/** Throws `revision-conflict` if the rubric was changed since `revision`. */
export async function updateRubric(
  context: ServiceContext,
  id: string,
  { revision: edited, ...changes }: Body<typeof contracts.updateRubric>,
): Promise<Rubric> {
  const { revision } = await rubricOf(context, id);
  const { name } = changes;
  const given = Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined));
  const next = { ...given, ...(name !== undefined && { nameKey: nameKeyOf(name) }), revision: revision + 1, updatedAt: timestamp(context) };
  const changed = await namedOnce(name ?? '', () => context.store.update(rubrics, id, next, { equal: { revision: edited ?? revision } }));
  if (changed) return viewOf(changed);
  throw new AppError('revision-conflict', 'This rubric was changed elsewhere. Reload it, then make your change again.');
}

export async function deleteRubric(context: ServiceContext, id: string): Promise<{ deleted: true }> {
  await rubricOf(context, id);
  await context.store.delete(rubrics, id);
  return { deleted: true };
}
