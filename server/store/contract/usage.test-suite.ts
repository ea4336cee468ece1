import { describe, expect, it } from 'vitest';
import { journalRow, type MakeHome, openFresh, thing, things, WORKSPACE } from './things.fixture.ts';

/** What it takes on the disk. */
export const describeUsage = (makeHome: MakeHome): void => {
  describe('the usage of the disk', () => {
    it('names each collection and the journal', async () => {
      await using fresh = await openFresh(makeHome);
      const { bytes, parts, journal } = await fresh.store.usage();
      expect(bytes).toBeGreaterThanOrEqual(0);
      expect(parts.map(({ name }) => name)).toEqual(expect.arrayContaining(['things', 'journal']));
      expect(journal).toEqual([]);
    });

    it('knows what is large, and samples rows of the journal', async () => {
      await using fresh = await openFresh(makeHome);
      const here = fresh.store.in(WORKSPACE);
      const ids = Array.from({ length: 300 }, (_, index) => `thing_${index}`);
      await Promise.all(ids.map((id) => here.insert(things, thing({ id, body: 'x'.repeat(2_000) }))));
      await Promise.all(ids.slice(0, 20).map((id) => here.append(journalRow(id, 1, 3))));
      const { bytes, freeBytes, diskFreeBytes, parts, journal } = await fresh.store.usage();
      expect(parts.toSorted((one, two) => two.bytes - one.bytes)[0]?.name).toBe('things');
      expect(bytes).toBeGreaterThan(0);
      expect(freeBytes).toBeLessThan(bytes);
      expect(diskFreeBytes === null || diskFreeBytes > 0).toBe(true);
      expect(journal).toHaveLength(20);
      expect(new Set(journal.map(({ runId }) => runId)).size).toBe(20);
      expect(JSON.parse(journal[0]?.events ?? '')).toHaveLength(3);
    });
  });
};
