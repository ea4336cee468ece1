import { describe, expect, it } from 'vitest';
import type { WorkspaceStore } from '../../../store/port.ts';
import { createPurses } from './spending.ts';

const limits = { id: 'rep', maxCostMicros: 40, budgetMicros: 100 };

/** A store with results that spent this much. */
const storeWith = (spent: readonly number[]) => {
  const items = spent.map((spentMicros, index) => ({ id: `rep:run_${index}`, replayId: 'rep', index, sourceId: `run_${index}`, spentMicros }));
  return { find: async () => ({ items, nextCursor: null }) } as unknown as WorkspaceStore;
};

describe('the money of a shadow', () => {
  it('is shared by runs in progress, each with its own limit, and ends the shadow once it is used', async () => {
    const purse = await createPurses().of(storeWith([]), limits);
    expect([purse.take('a'), purse.take('b'), purse.take('c')]).toMatchObject([{ maxCostMicros: 40 }, { maxCostMicros: 40 }, { maxCostMicros: 20 }]);
    expect(purse.take('d')).toBe('wait');
    purse.spend('a', 10);
    purse.giveBack('a');
    expect(purse.take('d')).toMatchObject({ maxCostMicros: 30, index: 3 });
    for (const id of ['b', 'c', 'd']) {
      purse.spend(id, 45);
      purse.giveBack(id);
    }
    expect([purse.spent(), purse.over(), purse.take('e')]).toEqual([145, 'budget', 'budget']);
  });

  it('continues from stored results after a restart, and counts a run that has one only once', async () => {
    const purse = await createPurses().of(storeWith([30, 50]), limits);
    expect([purse.spent(), purse.over()]).toEqual([80, undefined]);
    expect(purse.take('run_1')).toMatchObject({ maxCostMicros: 0, index: 2 });
    purse.spend('run_1', 50);
    expect(purse.spent()).toBe(80);
    expect(purse.take('run_2')).toMatchObject({ maxCostMicros: 20, index: 3 });
  });

  it('ends the shadow after 1,000 runs', async () => {
    const purse = await createPurses().of(storeWith(Array.from({ length: 999 }, () => 0)), limits);
    expect(purse.take('last')).toMatchObject({ index: 999 });
    expect(purse.take('more')).toBe('wait');
    purse.spend('last', 0);
    expect([purse.over(), purse.take('more')]).toEqual(['finished', 'finished']);
  });
});
