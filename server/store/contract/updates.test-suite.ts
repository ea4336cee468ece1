import { describe, expect, it } from 'vitest';
import { type MakeHome, openFresh, type Thing, thing, things, WORKSPACE } from './things.fixture.ts';

/** Compare and set. */
export const describeUpdates = (makeHome: MakeHome): void => {
  describeChanges(makeHome);
  describeMarks(makeHome);
  describeConditions(makeHome);
};

const describeChanges = (makeHome: MakeHome): void => {
  describe('update', () => {
    it('replaces the given top-level fields, keeps the others, and returns the new record', async () => {
      await using fresh = await openFresh(makeHome);
      const here = fresh.store.in(WORKSPACE);
      const record = thing({ body: { a: 1, b: 2 }, title: 'kept' });
      await here.insert(things, record);
      const answered = await here.update(things, record.id, { body: { c: 3 }, rank: 7 });
      expect(answered).toEqual({ ...record, body: { c: 3 }, rank: 7 });
      expect(await here.get(things, record.id)).toEqual(answered);
    });

    it('removes a field that is set to undefined', async () => {
      await using fresh = await openFresh(makeHome);
      const here = fresh.store.in(WORKSPACE);
      await here.insert(things, thing({ id: 'one', note: 'temporary' }));
      const removal: Record<string, unknown> = { note: undefined };
      await here.update(things, 'one', removal as Partial<Thing>);
      expect(Object.keys((await here.get(things, 'one')) ?? {})).not.toContain('note');
    });

    it('finds the record by its new values and no longer by its old ones', async () => {
      await using fresh = await openFresh(makeHome);
      const here = fresh.store.in(WORKSPACE);
      await here.insert(things, thing({ id: 'one', kind: 'old', title: 'Old words', slot: 'a', owner: 'anna' }));
      await here.update(things, 'one', { kind: 'new', title: 'New words', slot: null, owner: null });
      expect((await here.find(things, { where: { kind: 'old' } })).items).toEqual([]);
      expect((await here.find(things, { search: 'old' })).items).toEqual([]);
      expect((await here.find(things, { where: { kind: 'new', owner: null }, search: 'new' })).items).toHaveLength(1);
      await here.insert(things, thing({ slot: 'a' }));
    });

    it('rejects a change that breaks a unique index, names it, and changes nothing', async () => {
      await using fresh = await openFresh(makeHome);
      const here = fresh.store.in(WORKSPACE);
      await here.insert(things, thing({ name: 'taken' }));
      await here.insert(things, thing({ id: 'one', rank: 1 }));
      const refused = here.update(things, 'one', { name: 'taken', rank: 2 });
      await expect(refused).rejects.toMatchObject({ code: 'already-exists', details: { index: 'name' } });
      expect(await here.get(things, 'one')).toMatchObject({ rank: 1 });
    });

    it('never changes the ID or workspace', async () => {
      await using fresh = await openFresh(makeHome);
      const here = fresh.store.in(WORKSPACE);
      await here.insert(things, thing({ id: 'one' }));
      await expect(here.update(things, 'one', { id: 'two' })).rejects.toThrow('never change');
      await expect(here.update(things, 'one', { workspaceId: 'there' })).rejects.toThrow('never change');
    });

    it('returns undefined if the record does not exist', async () => {
      await using fresh = await openFresh(makeHome);
      expect(await fresh.store.in(WORKSPACE).update(things, 'zoe', { rank: 1 })).toBeUndefined();
    });
  });
};

const describeMarks = (makeHome: MakeHome): void => {
  describe('clearMarks', () => {
    it('hides records from queries by the mark, except those that were marked again', async () => {
      await using fresh = await openFresh(makeHome);
      const here = fresh.store.in(WORKSPACE);
      const marked = ['one', 'two', 'three'].map((id, rank) => thing({ id, rank, owner: `m${rank}`, body: { kept: id } }));
      for (const record of marked) await here.insert(things, record);
      await here.update(things, 'two', { owner: 'again' });
      const found = async () => (await here.find(things, { range: { field: 'owner', from: '' }, order: { field: 'rank' }, fields: ['owner', 'rank'] })).items;
      await here.clearMarks(things, 'owner', [...marked.map(({ id, owner }) => ({ id, value: String(owner) })), { id: 'zoe', value: 'm0' }]);
      expect(await found()).toMatchObject([{ id: 'two', owner: 'again' }]);
      expect((await here.find(things, { order: { field: 'rank' }, fields: ['owner', 'rank'] })).items.map(({ owner }) => owner ?? null)).toEqual([
        null,
        'again',
        null,
      ]);
      await here.update(things, 'one', { rank: 9, owner: 'new' });
      await here.update(things, 'three', { rank: 7 });
      expect((await found()).map(({ id }) => id)).toEqual(['two', 'one']);
      expect(await here.get(things, 'three')).toMatchObject({ body: { kept: 'three' }, rank: 7 });
      await here.clearMarks(things, 'owner', []);
    });
  });
};

const describeConditions = (makeHome: MakeHome): void => {
  describe('an update with expected values', () => {
    it('changes nothing if a field differs', async () => {
      await using fresh = await openFresh(makeHome);
      const here = fresh.store.in(WORKSPACE);
      await here.insert(things, thing({ id: 'one', rank: 3, done: false, owner: null }));
      expect(await here.update(things, 'one', { title: 'x' }, { equal: { rank: 4 } })).toBeUndefined();
      expect(await here.update(things, 'one', { title: 'x' }, { equal: { rank: 3, done: true } })).toBeUndefined();
      expect(await here.update(things, 'one', { title: 'x' }, { below: { rank: 3 } })).toBeUndefined();
      expect(await here.update(things, 'one', { title: 'x' }, { equal: { owner: 'anna' } })).toBeUndefined();
      expect(await here.get(things, 'one')).toMatchObject({ title: 'A thing' });
    });

    it('changes the record if every field is as expected, with null equal to absent', async () => {
      await using fresh = await openFresh(makeHome);
      const here = fresh.store.in(WORKSPACE);
      await here.insert(things, thing({ id: 'one', rank: 3 }));
      expect(await here.update(things, 'one', { title: 'x' }, { equal: { rank: 3, done: false, owner: null, note: null }, below: { rank: 4 } })).toMatchObject({
        title: 'x',
      });
    });

    it('gives 51 jobs to 51 of 80 simultaneous claimants', async () => {
      await using fresh = await openFresh(makeHome);
      const here = fresh.store.in(WORKSPACE);
      await Promise.all(Array.from({ length: 51 }, (_, rank) => here.insert(things, thing({ kind: 'job', rank }))));
      const claim = async (owner: string): Promise<string | undefined> => {
        for (;;) {
          const { items } = await here.find(things, { where: { kind: 'job', owner: null }, order: { field: 'rank' }, limit: 1 });
          const job = items[0];
          if (!job) return undefined;
          if (await here.update(things, job.id, { owner }, { equal: { owner: null } })) return job.id;
        }
      };
      const claimed = await Promise.all(Array.from({ length: 80 }, (_, index) => claim(`worker ${index}`)));
      const jobs = claimed.filter((id) => id !== undefined);
      expect(jobs).toHaveLength(51);
      expect(new Set(jobs).size).toBe(51);
    });

    it('lets only one of many simultaneous steps from the same number succeed', async () => {
      await using fresh = await openFresh(makeHome);
      const here = fresh.store.in(WORKSPACE);
      await here.insert(things, thing({ id: 'one', rank: 0 }));
      const steps = await Promise.all(
        Array.from({ length: 30 }, (_, index) => here.update(things, 'one', { rank: 10, owner: `${index}` }, { below: { rank: 10 } })),
      );
      const winners = steps.filter((step) => step !== undefined);
      expect(winners).toHaveLength(1);
      expect(await here.get(things, 'one')).toEqual(winners[0]);
    });
  });
};
