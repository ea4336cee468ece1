import { type RunRecord, runs } from '../../store/collections.ts';
import { findAll } from '../../store/find-all.ts';
import type { WorkspaceStore } from '../../store/port.ts';

/** In micro-dollars, and how many calls had no price. */
interface Spent {
  readonly costMicros: number;
  readonly unknownPrice: number;
}

/** What a run and its child runs cost. */
export async function spentBy(
  store: WorkspaceStore,
  { id, costMicros, unknownPrice = 0 }: Pick<RunRecord, 'id' | 'costMicros' | 'unknownPrice'>,
): Promise<Spent> {
  const sum = { costMicros, unknownPrice };
  const children = await findAll(store, runs, { where: { parentRunId: id }, fields: ['costMicros', 'unknownPrice'] });
  for (const child of children) {
    const spent = await spentBy(store, child);
    sum.costMicros += spent.costMicros;
    sum.unknownPrice += spent.unknownPrice;
  }
  return sum;
}
