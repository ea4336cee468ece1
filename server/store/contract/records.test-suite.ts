import { describe, expect, it } from 'vitest';
import { type MakeHome, openFresh, thing, things, WORKSPACE } from './things.fixture.ts';

/** Insert, get, delete: identity, uniqueness, fidelity, workspaces. */
export const describeRecords = (makeHome: MakeHome): void => {
  describeUniqueness(makeHome);
  describeFidelity(makeHome);
  describeWorkspaces(makeHome);
};

const describeUniqueness = (makeHome: MakeHome): void => {
  describe('uniqueness', () => {
    it('rejects a second record with the same ID and names the index id', async () => {
      await using fresh = await openFresh(makeHome);
      const here = fresh.store.in(WORKSPACE);
      await here.insert(things, thing({ id: 'one', title: 'first' }));
      await expect(here.insert(things, thing({ id: 'one', name: 'other' }))).rejects.toMatchObject({ code: 'already-exists', details: { index: 'id' } });
      expect(await here.get(things, 'one')).toMatchObject({ title: 'first' });
    });

    it('rejects a second record with the same unique field and names its index', async () => {
      await using fresh = await openFresh(makeHome);
      const here = fresh.store.in(WORKSPACE);
      await here.insert(things, thing({ name: 'Anna' }));
      await expect(here.insert(things, thing({ name: 'Anna' }))).rejects.toMatchObject({ code: 'already-exists', details: { index: 'name' } });
      await here.insert(things, thing({ name: 'anna' }));
    });

    it('applies a partial unique index only to records that have the field', async () => {
      await using fresh = await openFresh(makeHome);
      const here = fresh.store.in(WORKSPACE);
      await here.insert(things, thing({ slot: null }));
      await here.insert(things, thing({ slot: null }));
      await here.insert(things, thing({ slot: 'a' }));
      await expect(here.insert(things, thing({ slot: 'a' }))).rejects.toMatchObject({ code: 'already-exists', details: { index: 'slot' } });
    });

    it('accepts exactly one of many simultaneous inserts with one key', async () => {
      await using fresh = await openFresh(makeHome);
      const here = fresh.store.in(WORKSPACE);
      const outcomes = await Promise.allSettled(Array.from({ length: 40 }, () => here.insert(things, thing({ slot: 'contested' }))));
      expect(outcomes.filter((outcome) => outcome.status === 'fulfilled')).toHaveLength(1);
      expect((await here.find(things, { where: { slot: 'contested' } })).items).toHaveLength(1);
    });

    it('fails only the invalid write among those of one tick', async () => {
      await using fresh = await openFresh(makeHome);
      const here = fresh.store.in(WORKSPACE);
      await here.insert(things, thing({ id: 'taken' }));
      const [before, bad, after] = await Promise.allSettled([
        here.insert(things, thing({ id: 'before' })),
        here.insert(things, thing({ id: 'taken' })),
        here.insert(things, thing({ id: 'after' })),
      ]);
      expect([before.status, bad.status, after.status]).toEqual(['fulfilled', 'rejected', 'fulfilled']);
      expect(await here.get(things, 'before')).toBeDefined();
      expect(await here.get(things, 'after')).toBeDefined();
    });

    it('frees the ID and unique fields on deletion, and says whether there was a record to delete', async () => {
      await using fresh = await openFresh(makeHome);
      const here = fresh.store.in(WORKSPACE);
      const record = thing({ slot: 'a' });
      await here.insert(things, record);
      expect(await here.delete(things, record.id)).toBe(true);
      expect(await here.delete(things, record.id)).toBe(false);
      expect(await here.get(things, record.id)).toBeUndefined();
      await here.insert(things, record);
    });

    it('deletes a record only if it is as expected', async () => {
      await using fresh = await openFresh(makeHome);
      const here = fresh.store.in(WORKSPACE);
      const record = thing({ rank: 1, owner: null });
      await here.insert(things, record);
      expect(await here.delete(things, record.id, { equal: { rank: 2 } })).toBe(false);
      expect(await here.get(things, record.id)).toEqual(record);
      expect(await here.delete(things, record.id, { equal: { rank: 1, owner: null } })).toBe(true);
      expect(await here.delete(things, record.id, { equal: { rank: 1 } })).toBe(false);
    });
  });
};

const describeFidelity = (makeHome: MakeHome): void => {
  describe('returned records equal the inserted ones', () => {
    const bodies: readonly (readonly [string, string])[] = [
      ['keys with a meaning elsewhere', '{"a.b":1,"$set":{"$where":"x"},"":0,"0":"zero","constructor":{"prototype":null}}'],
      ['own keys named __proto__', '{"__proto__":{"polluted":true},"list":[{"__proto__":1}]}'],
      ['text of all scripts', JSON.stringify({ text: 'Grüße 你好 🎉 \u0000 \u2028 "quoted" \\ \n', 'ключ 🗝': 'значение' })],
      ['extreme numbers', '{"a":0,"b":-1.5e-300,"c":1.7976931348623157e308,"d":9007199254740991,"e":0.1}'],
      ['empty and nested values', '{"a":[],"b":{},"c":[[[]]],"d":null,"e":false,"f":""}'],
    ];
    it.each(bodies)('keeps %s', async (_, given) => {
      const json = JSON.stringify(JSON.parse(given));
      await using fresh = await openFresh(makeHome);
      const here = fresh.store.in(WORKSPACE);
      const record = thing({ body: JSON.parse(json) });
      await here.insert(things, record);
      const changed = thing({ name: 'changed' });
      await here.insert(things, changed);
      await here.update(things, changed.id, { body: JSON.parse(json) });
      expect(JSON.stringify((await here.get(things, record.id))?.body)).toBe(json);
      expect(JSON.stringify((await here.get(things, changed.id))?.body)).toBe(json);
      expect(JSON.stringify((await here.find(things, { where: { id: record.id } })).items[0]?.body)).toBe(json);
      expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false);
    });

    it('stores a document of 4 MB', async () => {
      await using fresh = await openFresh(makeHome);
      const here = fresh.store.in(WORKSPACE);
      const body = { text: 'ä1'.repeat(1_400_000) };
      await here.insert(things, thing({ id: 'large', body }));
      const found = await here.get(things, 'large');
      expect(JSON.stringify(found?.body) === JSON.stringify(body)).toBe(true);
    });

    it('is unaffected by later changes to the caller’s objects', async () => {
      await using fresh = await openFresh(makeHome);
      const here = fresh.store.in(WORKSPACE);
      const body = { list: ['as written'] };
      const writing = here.insert(things, thing({ id: 'one', body }));
      body.list.push('added later');
      await writing;
      const first = await here.get(things, 'one');
      Object.assign(first?.body ?? {}, { list: 'changed in a result' });
      expect((await here.get(things, 'one'))?.body).toEqual({ list: ['as written'] });
    });
  });
};

const describeWorkspaces = (makeHome: MakeHome): void => {
  describe('workspaces', () => {
    it('do not see, change, or collide with each other', async () => {
      await using fresh = await openFresh(makeHome);
      const [here, there] = [fresh.store.in('here'), fresh.store.in('there')];
      const same = { id: 'same', name: 'same', slot: 'same' };
      await here.insert(things, thing({ ...same, title: 'of here' }));
      expect(await there.get(things, 'same')).toBeUndefined();
      expect((await there.find(things)).items).toEqual([]);
      expect(await there.update(things, 'same', { title: 'stolen' })).toBeUndefined();
      expect(await there.delete(things, 'same')).toBe(false);
      await there.insert(things, thing({ ...same, workspaceId: 'there', title: 'of there' }));
      expect((await here.find(things, { where: { slot: 'same' } })).items).toMatchObject([{ title: 'of here' }]);
    });

    it('are found by a value that is unique across all of them', async () => {
      await using fresh = await openFresh(makeHome);
      await fresh.store.in('here').insert(things, thing({ ticket: 'a' }));
      await fresh.store.in('there').insert(things, thing({ workspaceId: 'there', ticket: 'b' }));
      expect(await fresh.store.workspaceOf(things, 'ticket', 'a')).toBe('here');
      expect(await fresh.store.workspaceOf(things, 'ticket', 'b')).toBe('there');
      expect(await fresh.store.workspaceOf(things, 'ticket', 'c')).toBeUndefined();
      await expect(fresh.store.in('there').insert(things, thing({ workspaceId: 'there', ticket: 'a' }))).rejects.toMatchObject({
        code: 'already-exists',
        details: { index: 'ticket' },
      });
      await expect(fresh.store.workspaceOf(things, 'name', 'a')).rejects.toMatchObject({ code: 'internal' });
    });

    it('reject a record that belongs to another one', async () => {
      await using fresh = await openFresh(makeHome);
      await expect(fresh.store.in('here').insert(things, thing({ workspaceId: 'there' }))).rejects.toThrow('there');
    });
  });
};
