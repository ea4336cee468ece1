import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AppError } from '@switchyard/shared/errors.ts';
import mongoose from 'mongoose';
import { describe, expect, it } from 'vitest';
import { contractCollections } from '../contract/things.fixture.ts';
import type { Store } from '../port.ts';
import { openBreakableProxy } from './breakable-proxy.fixture.ts';
import { installationOf } from './installation-id.ts';
import type { LeaseHolder } from './installation-lease.ts';
import { makeMongoHome, SKIPPED, TEST_MONGODB_URI } from './mongo-home.fixture.ts';
import { openMongoStore } from './mongo-store.ts';

const makeHome = makeMongoHome(TEST_MONGODB_URI ?? '');

const TOGETHER = { together: true } as const;

const holderOf = (installation: LeaseHolder['installation'], lost: LeaseHolder['lost'] = () => undefined): LeaseHolder => ({
  installation,
  lost,
  beatMs: 50,
  goneMs: 1_000,
});

async function isReplicaSet(uri: string): Promise<boolean> {
  const connection = await mongoose.createConnection(uri).asPromise();
  const hello = await connection.db?.admin().command({ hello: 1 });
  await connection.close();
  return hello?.setName !== undefined;
}

const openAs = (uri: string, holder: LeaseHolder, say: (line: string) => void = () => undefined): Promise<Store> =>
  openMongoStore({ uri, collections: contractCollections, holder, say });

describe.skipIf(!TEST_MONGODB_URI)(`the lease of a MongoDB database${SKIPPED}`, () => {
  it('keeps a second installation out while the first one is alive', async () => {
    await using home = await makeHome();
    const first = await openAs(home.uri, holderOf('first'));
    const said: string[] = [];
    await expect(openAs(home.uri, holderOf('second'), (line) => said.push(line))).rejects.toMatchObject({
      code: 'in-use',
      message: expect.stringMatching(/in use by .*process \d+.*MONGODB_URI/),
    });
    expect(said).toEqual([expect.stringContaining('Waiting up to 1 s')]);
    await first.close();
  });

  it('is free at once after the first one was stopped', async () => {
    await using home = await makeHome();
    await (await openAs(home.uri, holderOf('first'))).close();
    const said: string[] = [];
    await (await openAs(home.uri, holderOf('second'), (line) => said.push(line))).close();
    expect(said).toEqual([]);
  });

  it('goes to one of several that start at the same time', async () => {
    await using home = await makeHome();
    const outcomes = await Promise.allSettled(['a', 'b', 'c'].map((name) => openAs(home.uri, holderOf(name))));
    const stores = outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []));
    expect(stores).toHaveLength(1);
    await Promise.all(stores.map((store) => store.close()));
  });

  it('goes to the same installation at once, and to another one if its holder is silent, which is then told', async () => {
    await using home = await makeHome();
    await using proxy = await openBreakableProxy(home.uri);
    const { promise: lost, resolve } = Promise.withResolvers<AppError>();
    const first = await openAs(proxy.uri, holderOf('first', resolve));
    await proxy.cut();
    const again = await openAs(home.uri, { ...holderOf('first'), beatMs: 600_000 });
    const second = await openAs(home.uri, holderOf('second'));
    await proxy.mend();
    expect(await lost).toMatchObject({ code: 'in-use' });
    await Promise.all([first, again, second].map((store) => store.close()));
  });

  it('is shared by processes that work together, while a single process is kept out', async () => {
    await using home = await makeHome();
    const said: string[] = [];
    const first = await openAs(home.uri, holderOf(TOGETHER), (line) => said.push(line));
    expect(said).toEqual((await isReplicaSet(home.uri)) ? [] : [expect.stringContaining('is a single server')]);
    const second = await openAs(home.uri, holderOf(TOGETHER));
    await first.close();
    await expect(openAs(home.uri, holderOf('single'))).rejects.toMatchObject({ code: 'in-use' });
    await second.close();
    const single = await openAs(home.uri, holderOf('single'));
    await expect(openAs(home.uri, holderOf(TOGETHER))).rejects.toMatchObject({ code: 'in-use' });
    await single.close();
  });

  it('is not renewed by a holder that lost it', async () => {
    await using home = await makeHome();
    const first = await openAs(home.uri, { ...holderOf('first'), beatMs: 600_000 });
    const second = await openAs(home.uri, holderOf('second'));
    await first.close();
    await expect(openAs(home.uri, holderOf('third'))).rejects.toMatchObject({ code: 'in-use' });
    await second.close();
  });
});

describe('the name of an installation', () => {
  it('stays with its data directory', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'switchyard-store-'));
    const [one, other] = [join(folder, 'one'), join(folder, 'other')];
    expect(installationOf(one)).toBe(installationOf(one));
    expect(installationOf(one)).not.toBe(installationOf(other));
    await rm(folder, { recursive: true });
  });
});
