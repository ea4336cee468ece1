import { reviews } from '../../store/collections.ts';
import type { ServiceContext } from '../context.ts';

/** Why a run has no answer yet, in a sentence for its caller. */
export async function waitText({ store }: Pick<ServiceContext, 'store'>, runId: string): Promise<string> {
  const { items } = await store.find(reviews, { where: { runId, status: 'open' }, limit: 1 });
  return items.length > 0 ? 'A person has to review this first.' : 'This is still in progress.';
}
