import { describe, expect, it } from 'vitest';
import { totals } from './totals.ts';

const activity = (runs: number, medianMs: number | null) => ({
  runs,
  succeeded: runs,
  failed: 0,
  waiting: 1,
  medianMs,
  costMicros: 5,
  unknownPrice: 0,
  hours: [],
});

describe('totals', () => {
  it('add up', () => expect(totals([activity(3, 100), activity(4, 200)])).toMatchObject({ runs: 7, succeeded: 7, waiting: 2, costMicros: 10 }));
  it('say how many calls have no price', () => {
    const unknown = { ...activity(1, 1), costMicros: null, unknownPrice: 2 };
    expect(totals([unknown, unknown])).toMatchObject({ costMicros: null, unknownPrice: 4 });
    expect(totals([unknown, activity(1, 1)])).toMatchObject({ costMicros: 5, unknownPrice: 2 });
  });
  it('weigh the median of each workflow by its runs', () => expect(totals([activity(100, 800), activity(1, 10), activity(1, 20)]).medianMs).toBe(800));
  it('have no median without runs', () => expect(totals([activity(0, null)]).medianMs).toBeNull());
});
