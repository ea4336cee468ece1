import { workflows } from '../../store/collections.ts';
import { findAll } from '../../store/find-all.ts';
import type { ServiceContext } from '../context.ts';

/** The names of all workflows, also deleted ones, by ID. */
export async function workflowNames({ store }: Pick<ServiceContext, 'store'>): Promise<ReadonlyMap<string, string>> {
  const found = await findAll(store, workflows, { fields: ['name', 'deletedAt'], aside: true });
  return new Map(found.map(({ id, name, deletedAt }) => [id, deletedAt === null || deletedAt === undefined ? name : `${name} (deleted)`]));
}
