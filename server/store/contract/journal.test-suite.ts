import { describe, expect, it } from 'vitest';
import { journalRow, type MakeHome, openFresh, thing, things, WORKSPACE } from './things.fixture.ts';

/** Append and read. */
export const describeJournal = (makeHome: MakeHome): void => {
  describe('the journal', () => {
    it('returns rows in the order they were written', async () => {
      await using fresh = await openFresh(makeHome);
      const here = fresh.store.in(WORKSPACE);
      const rows = [journalRow('run', 1, 3), journalRow('run', 4), journalRow('run', 5, 8, 2), journalRow('run', 13)];
      await Promise.all([rows[2], rows[0], rows[3], rows[1]].map((row) => row && here.append(row)));
      expect(await here.readJournal('run')).toEqual(rows);
      expect(await here.readJournal('another')).toEqual([]);
    });

    it('returns the head that was inserted with a record before rows appended later', async () => {
      await using fresh = await openFresh(makeHome);
      const here = fresh.store.in(WORKSPACE);
      const rows = [journalRow('run', 1, 3), journalRow('run', 4), journalRow('run', 5, 2)];
      const record = thing({ id: 'run' });
      await here.insertRun(things, record, journalRow('run', 1, 3));
      for (const row of rows.slice(1)) await here.append(row);
      expect(await here.get(things, 'run')).toEqual(record);
      expect(await here.readJournal('run')).toEqual(rows);
      expect(await here.readJournal('run', 2, 1)).toEqual(rows.slice(0, 1));
      expect(await here.readJournal('run', 4)).toEqual(rows.slice(1));
      await here.update(things, 'run', { rank: 2 });
      expect(await here.readJournal('run')).toEqual(rows);
    });

    it('has no rows after a rejected record', async () => {
      await using fresh = await openFresh(makeHome);
      const here = fresh.store.in(WORKSPACE);
      const outcomes = await Promise.allSettled(['one', 'two'].map((id) => here.insertRun(things, thing({ id, slot: 'taken' }), journalRow(id, 1, 3))));
      expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected']);
      expect(outcomes[1]).toMatchObject({ reason: { code: 'already-exists', details: { index: 'slot' } } });
      expect(await here.readJournal('one')).toHaveLength(1);
      expect(await here.readJournal('two')).toEqual([]);
    });

    it('lets only one of two drivers write a row', async () => {
      await using fresh = await openFresh(makeHome);
      const here = fresh.store.in(WORKSPACE);
      await here.append(journalRow('run', 1));
      const outcomes = await Promise.allSettled([
        here.append(journalRow('run', 2, 1, 1)),
        here.append(journalRow('run', 2, 1, 2)),
        here.append(journalRow('other run', 2)),
      ]);
      expect(outcomes.filter((outcome) => outcome.status === 'rejected')).toMatchObject([{ reason: { code: 'already-exists' } }]);
      expect(await here.readJournal('run')).toHaveLength(2);
      expect(await here.readJournal('other run')).toHaveLength(1);
    });

    it('starts with the row that contains the requested number, and skips rows before it', async () => {
      await using fresh = await openFresh(makeHome);
      const here = fresh.store.in(WORKSPACE);
      await Promise.all([journalRow('run', 1, 4), journalRow('run', 5, 3), journalRow('run', 8, 2)].map((row) => here.append(row)));
      const firsts = async (from: number, limit?: number): Promise<number[]> => (await here.readJournal('run', from, limit)).map((row) => row.seq);
      expect(await firsts(1)).toEqual([1, 5, 8]);
      expect(await firsts(4)).toEqual([1, 5, 8]);
      expect(await firsts(5)).toEqual([5, 8]);
      expect(await firsts(7)).toEqual([5, 8]);
      expect(await firsts(9)).toEqual([8]);
      expect(await firsts(10)).toEqual([]);
      expect(await firsts(6, 1)).toEqual([5]);
      expect(await firsts(2, 2)).toEqual([1, 5]);
    });

    it('makes the update that follows a row, and skips it if the row collides', async () => {
      await using fresh = await openFresh(makeHome);
      const here = fresh.store.in(WORKSPACE);
      await here.insert(things, thing({ id: 'one', rank: 1 }));
      const follow = (rank: number) => ({ collection: things, id: 'one', changes: { rank }, expected: { below: { rank } } });
      await here.append(journalRow('run', 1), follow(5));
      expect(await here.get(things, 'one')).toMatchObject({ rank: 5 });
      await expect(here.append(journalRow('run', 1), follow(9))).rejects.toMatchObject({ code: 'already-exists' });
      await here.append(journalRow('run', 2), follow(3));
      expect(await here.get(things, 'one')).toMatchObject({ rank: 5 });
      expect(await here.readJournal('run')).toHaveLength(2);
    });

    it('replaces the events of a row, also of a head, and nothing else', async () => {
      await using fresh = await openFresh(makeHome);
      const here = fresh.store.in(WORKSPACE);
      const rows = [journalRow('run', 1, 3), journalRow('run', 4), journalRow('run', 5, 2)];
      await here.insertRun(things, thing({ id: 'run' }), journalRow('run', 1, 3));
      for (const row of [...rows.slice(1), journalRow('other', 1)]) await here.append(row);
      const changed = rows.map((row) => ({ ...row, events: row.events.map((event) => ({ ...event, at: '2026-02-02T00:00:00.000Z' })) }));
      for (const row of changed.slice(0, 2)) await here.rewriteJournal(row);
      expect(await here.readJournal('run')).toEqual([changed[0], changed[1], rows[2]]);
      expect(await here.readJournal('other')).toEqual([journalRow('other', 1)]);
    });

    it('deletes the rows of one run, with its head, and keeps its record', async () => {
      await using fresh = await openFresh(makeHome);
      const here = fresh.store.in(WORKSPACE);
      await here.insertRun(things, thing({ id: 'run' }), journalRow('run', 1, 3));
      await here.append(journalRow('run', 4));
      await here.append(journalRow('other', 1));
      await here.deleteJournal('run');
      await here.deleteJournal('run');
      expect(await here.readJournal('run')).toEqual([]);
      expect(await here.get(things, 'run')).toEqual(thing({ id: 'run' }));
      expect(await here.readJournal('other')).toHaveLength(1);
    });

    it('belongs to its workspace', async () => {
      await using fresh = await openFresh(makeHome);
      await fresh.store.in('here').append(journalRow('run', 1));
      expect(await fresh.store.in('there').readJournal('run')).toEqual([]);
      await fresh.store.in('there').append(journalRow('run', 1));
    });

    it('accepts appends of many runs in one tick, each failing independently', async () => {
      await using fresh = await openFresh(makeHome);
      const here = fresh.store.in(WORKSPACE);
      await here.append(journalRow('run 7', 1));
      const outcomes = await Promise.allSettled(Array.from({ length: 20 }, (_, index) => here.append(journalRow(`run ${index}`, 1))));
      expect(outcomes.flatMap((outcome, index) => (outcome.status === 'rejected' ? [index] : []))).toEqual([7]);
    });

    it('can be read once its promise resolves, together with records written in the same tick', async () => {
      await using fresh = await openFresh(makeHome);
      const here = fresh.store.in(WORKSPACE);
      await Promise.all([here.insert(things, thing({ id: 'run' })), here.append(journalRow('run', 1))]);
      expect(await here.get(things, 'run')).toBeDefined();
      expect(await here.readJournal('run')).toHaveLength(1);
    });
  });
};
