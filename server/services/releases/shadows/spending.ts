import { MOST_REPLAYED } from '@switchyard/shared/contracts/evaluation/replays.ts';
import type { ShadowSetting } from '../../../store/evaluation/release-collections.ts';
import { replayResults } from '../../../store/evaluation/replay-collections.ts';
import { findAll } from '../../../store/find-all.ts';
import type { WorkspaceStore } from '../../../store/port.ts';

/* What the runs of shadows spent, and may still spend: in memory, read from their results when a process begins to run a shadow. */

/** What a shadow run may spend, and its place among the results: the newest first. */
interface Share {
  readonly maxCostMicros: number;
  readonly index: number;
  readonly rank: number;
}

export interface Purse {
  /** `wait`: runs in progress may need the rest. `finished`, `budget`: the shadow has ended. */
  take(runId: string): Share | 'wait' | 'finished' | 'budget';
  spend(runId: string, micros: number): void;
  /** The run is over. What it did not spend is free again. */
  giveBack(runId: string): void;
  spent(): number;
  /** Why the shadow has ended, if it has. */
  over(): 'finished' | 'budget' | undefined;
}

const MOST_PURSES = 200;
const LAST_RANK = 999_999;

export function createPurses() {
  const purses = new Map<string, Promise<Purse>>();
  return {
    /** The purse of a shadow. */
    of: (store: WorkspaceStore, setting: Limits): Promise<Purse> => {
      const known = purses.get(setting.id);
      if (known) return known;
      const [oldest] = purses.keys();
      if (purses.size >= MOST_PURSES && oldest !== undefined) purses.delete(oldest);
      const opened = openPurse(store, setting);
      purses.set(setting.id, opened);
      opened.catch(() => purses.delete(setting.id));
      return opened;
    },
  };
}
export type Purses = ReturnType<typeof createPurses>;

type Limits = Pick<ShadowSetting, 'id' | 'maxCostMicros' | 'budgetMicros'>;

async function openPurse(store: WorkspaceStore, { id, maxCostMicros, budgetMicros }: Limits): Promise<Purse> {
  const known = await findAll(store, replayResults, { where: { replayId: id }, fields: ['index', 'spentMicros', 'sourceId'] });
  const compared = new Set(known.map(({ sourceId }) => sourceId));
  const reserved = new Map<string, number>();
  let spent = known.reduce((sum, { spentMicros }) => sum + spentMicros, 0);
  let next = known.reduce((most, { index }) => Math.max(most, index + 1), 0);
  const over = () => (compared.size >= MOST_REPLAYED ? 'finished' : spent >= budgetMicros ? 'budget' : undefined);
  return {
    over,
    take: (runId) => {
      // Its result is stored already, so this costs nothing.
      if (!compared.has(runId)) {
        const open = [...reserved.values()].reduce((sum, micros) => sum + micros, 0);
        if (compared.size + reserved.size >= MOST_REPLAYED || spent + open >= budgetMicros) return over() ?? 'wait';
        reserved.set(runId, Math.min(maxCostMicros, budgetMicros - spent - open));
      }
      const index = next++;
      return { maxCostMicros: reserved.get(runId) ?? 0, index, rank: LAST_RANK - index };
    },
    spend: (runId, micros) => {
      if (!compared.has(runId)) spent += micros;
      compared.add(runId);
    },
    giveBack: (runId) => void reserved.delete(runId),
    spent: () => spent,
  };
}
