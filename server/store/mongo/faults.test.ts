import { toAppError } from '@switchyard/shared/errors.ts';
import { describe, expect, it, vi } from 'vitest';
import { PATIENCE_MS, patience, TIMED } from '../../../test/kit/patience.ts';
import { contractCollections, journalRow, thing, things, WORKSPACE } from '../contract/things.fixture.ts';
import { openBreakableProxy } from './breakable-proxy.fixture.ts';
import { makeMongoHome, SKIPPED, TEST_MONGODB_URI } from './mongo-home.fixture.ts';
import { openMongoStore } from './mongo-store.ts';

/** A database, a breakable connection to it, and the store on top. */
const openBreakable = async (server: string) => {
  const home = await makeMongoHome(server)();
  const proxy = await openBreakableProxy(home.uri);
  const store = await openMongoStore({ uri: proxy.uri, collections: contractCollections });
  return {
    proxy,
    store,
    here: store.in(WORKSPACE),
    [Symbol.asyncDispose]: async () => {
      await store.close();
      await proxy[Symbol.asyncDispose]();
      await home[Symbol.asyncDispose]();
    },
  };
};

describe.skipIf(!TEST_MONGODB_URI)(`a MongoDB that fails${SKIPPED}`, () => {
  const server = TEST_MONGODB_URI ?? '';

  it('is waited for at startup with a message, and then work continues', async () => {
    await using home = await makeMongoHome(server)();
    await using proxy = await openBreakableProxy(home.uri, 'cut');
    const said: string[] = [];
    let mending: Promise<void> | undefined;
    const say = (line: string): void => {
      said.push(line);
      mending ??= proxy.mend();
    };
    const store = await openMongoStore({ uri: proxy.uri, collections: contractCollections, say });
    await mending;
    expect(said).toEqual([expect.stringMatching(/doesn’t respond: .*ECONNREFUSED.*Waiting for it/), expect.stringContaining('Continuing')]);
    await store.in(WORKSPACE).insert(things, thing());
    await store.close();
  });

  it('fails everything as not ready while it is unavailable, and recovers on its own', TIMED, async () => {
    await using open = await openBreakable(server);
    await open.here.insert(things, thing({ id: 'before' }));
    await open.proxy.cut();
    const asked = performance.now();
    const outcomes = await Promise.allSettled([
      open.here.insert(things, thing({ id: 'during' })),
      open.here.append(journalRow('run', 1)),
      open.here.update(things, 'before', { rank: 1 }),
      open.here.get(things, 'before'),
      open.here.find(things),
      open.here.delete(things, 'before'),
      open.here.readJournal('run'),
      open.store.ready(),
    ]);
    const reasons = outcomes.map((outcome) => (outcome.status === 'rejected' ? toAppError(outcome.reason) : undefined));
    for (const reason of reasons) expect([reason?.code, reason?.message]).toEqual(['not-ready', expect.stringContaining('Check that it is running')]);
    await expect(open.store.ready()).rejects.toThrow('ECONNREFUSED');
    expect(performance.now() - asked).toBeLessThan(patience(5_000));
    const refused = performance.now();
    await expect(open.here.insert(things, thing({ id: 'later' }))).rejects.toMatchObject({ code: 'not-ready' });
    expect(performance.now() - refused, 'rejects new operations at once while it is unavailable').toBeLessThan(patience(200));
    await open.proxy.mend();
    await vi.waitFor(() => open.store.ready(), { timeout: PATIENCE_MS });
    expect(await open.here.get(things, 'before')).toMatchObject({ rank: 0 });
    await open.here.insert(things, thing({ id: 'during' }));
    await open.here.append(journalRow('run', 1));
  });

  it('has an insert once and reports success if the connection broke before its response', async () => {
    await using open = await openBreakable(server);
    open.proxy.loseReplyTo('unanswered');
    await open.here.insert(things, thing({ id: 'unanswered', slot: 'a' }));
    expect((await open.here.find(things)).items).toMatchObject([{ id: 'unanswered' }]);
    await expect(open.here.insert(things, thing({ id: 'unanswered' }))).rejects.toMatchObject({ code: 'already-exists', details: { index: 'id' } });
  });

  it('still rejects existing records of a batch if the connection broke before its response', async () => {
    await using open = await openBreakable(server);
    await open.here.insert(things, thing({ slot: 'taken' }));
    open.proxy.loseReplyTo('first of all');
    const outcomes = await Promise.allSettled([
      open.here.insert(things, thing({ id: 'first of all' })),
      open.here.insert(things, thing({ slot: 'taken' })),
      open.here.insert(things, thing({ id: 'third' })),
    ]);
    expect(outcomes.map((outcome) => outcome.status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(outcomes[1]).toMatchObject({ reason: { code: 'already-exists', details: { index: 'slot' } } });
  });

  it('has an appended row once if the connection broke before its response', async () => {
    await using open = await openBreakable(server);
    open.proxy.loseReplyTo('unanswered run');
    await open.here.append(journalRow('unanswered run', 1, 2));
    expect(await open.here.readJournal('unanswered run')).toEqual([journalRow('unanswered run', 1, 2)]);
    await expect(open.here.append(journalRow('unanswered run', 1, 2))).rejects.toMatchObject({ code: 'already-exists' });
  });

  it('leaves an update whose response was lost to its caller', async () => {
    await using open = await openBreakable(server);
    await open.here.insert(things, thing({ id: 'one', title: 'before' }));
    open.proxy.loseReplyTo('the new title');
    await expect(open.here.update(things, 'one', { title: 'the new title' }, { equal: { title: 'before' } })).rejects.toMatchObject({ code: 'not-ready' });
    expect(await open.here.get(things, 'one')).toMatchObject({ title: 'the new title' });
  });
});

describe.skipIf(!TEST_MONGODB_URI)(`what MongoDB rejects${SKIPPED}`, () => {
  it('includes a document that is too large, on insert and after an update', async () => {
    await using home = await makeMongoHome(TEST_MONGODB_URI ?? '')();
    const store = await home.open();
    const here = store.in(WORKSPACE);
    const megabytes = (count: number): string => 'x'.repeat(count * 1024 * 1024);
    const tooLarge = { code: 'too-large', message: expect.stringMatching(/“one” in “things” .*16 MB/) };
    await expect(here.insert(things, thing({ id: 'one', body: megabytes(17) }))).rejects.toMatchObject(tooLarge);
    await here.insert(things, thing({ id: 'one', body: megabytes(9) }));
    await expect(here.update(things, 'one', { note: megabytes(9) })).rejects.toMatchObject(tooLarge);
    await store.close();
  });

  it.each([
    ['nonsense', /MONGODB_URI is invalid/],
    ['mongodb://anna:secret@127.0.0.1:27017/?nonsense=1', /MONGODB_URI is invalid/],
  ])('includes the URL %s, without showing its password', async (uri, message) => {
    const refused = openMongoStore({ uri });
    await expect(refused).rejects.toMatchObject({ code: 'not-ready', message: expect.stringMatching(message) });
    await expect(refused).rejects.not.toThrow('secret');
  });
});
