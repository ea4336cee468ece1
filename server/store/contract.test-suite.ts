import { describe } from 'vitest';
import { describeCells } from './contract/cells.test-suite.ts';
import { describeDurability } from './contract/durability.test-suite.ts';
import { describeJournal } from './contract/journal.test-suite.ts';
import { describeQueries } from './contract/queries.test-suite.ts';
import { describeRecords } from './contract/records.test-suite.ts';
import { describeSearch } from './contract/search.test-suite.ts';
import type { MakeHome } from './contract/things.fixture.ts';
import { describeUpdates } from './contract/updates.test-suite.ts';
import { describeUsage } from './contract/usage.test-suite.ts';

/** The contract of every store. `makeHome` returns a new, empty location for each test. */
export const describeStore = (makeHome: MakeHome): void => {
  describe('keeps the contract of a store', () => {
    describeRecords(makeHome);
    describeUpdates(makeHome);
    describeQueries(makeHome);
    describeCells(makeHome);
    describeSearch(makeHome);
    describeJournal(makeHome);
    describeDurability(makeHome);
    describeUsage(makeHome);
  });
};
