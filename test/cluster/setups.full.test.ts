import { join } from 'node:path';
import { hasRedisServer, startOwnRedis } from '@switchyard/server/cluster/own-redis.fixture.ts';
import { freshDatabase, TEST_MONGODB_URI } from '@switchyard/server/store/mongo/mongo-home.fixture.ts';
import { getReady } from '@switchyard/shared/contracts/system.ts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { echoGraph } from '../kit/graph.ts';
import { publishedWorkflow } from '../kit/published.ts';
import { readRun, runOf } from '../kit/runs.ts';
import { temporaryDir } from '../kit/server.ts';
import { type ServerProcess, startServerProcess } from '../kit/server-process.ts';
import { switchyard } from '../kit/switchyard.ts';
import { until } from '../kit/until.ts';
import { type Cluster, clusterSettings, type Member, NO_CLUSTER, startCluster } from './cluster.ts';

/* Processes that are set up differently from the others of their installation: refused, or the operator is told. */

describe.skipIf(NO_CLUSTER)('a process that is set up differently', () => {
  let cluster: Cluster;
  beforeAll(async () => {
    cluster = await startCluster({ workers: 1, env: { LOG_LEVEL: 'silent' } });
  });
  afterAll(() => cluster?.[Symbol.asyncDispose]());

  const web = (): ServerProcess => (cluster.webs[0] as Member).now;
  const problemsOf = async (process: ServerProcess): Promise<string> => (await process.call(getReady, {})).redis?.problems.join(' ') ?? '';
  const started = (env: Record<string, string>): Promise<ServerProcess> => startServerProcess({ env: { ...clusterSettings(cluster.mongo.uri), ...env } });

  test('is refused with another secret key', async () => {
    await expect(started({ ROLE: 'worker', SWITCHYARD_SECRET_KEY: 'cd'.repeat(32) })).rejects.toThrow('Set SWITCHYARD_SECRET_KEY to the same value');
  });

  test('is refused without Redis, while others share the database', async () => {
    await expect(started({ REDIS_URL: '' })).rejects.toThrow(/is in use by the Switchyard on .+set MONGODB_URI to another database/);
  });

  test('may share its data directory: they use one key, and see each other’s blobs', async () => {
    await using dir = await temporaryDir();
    await using database = freshDatabase(TEST_MONGODB_URI ?? '');
    const shared = { dataDir: dir.path, env: { ...clusterSettings(database.uri), SWITCHYARD_SECRET_KEY: '' } };
    await using here = await startServerProcess(shared);
    await using there = await startServerProcess(shared);
    const large = 'x'.repeat(200_000);
    const { url } = await publishedWorkflow(here, echoGraph());
    expect((await there.send('POST', new URL(url).pathname, { body: { message: large } })).text).toContain(large);
  });

  test.skipIf(!hasRedisServer)('says so with another Redis, as the others do, and loses no run', async () => {
    await using redis = await startOwnRedis();
    await using other = await cluster.add('worker', { REDIS_URL: `redis://127.0.0.1:${redis.port}` });
    await until('the others to say so', async () => (await problemsOf(web())).includes(`process ${other.now.pid}) uses another Redis`));
    await until('it to say so', async () => (await problemsOf(other.now)).includes('Set REDIS_URL to the same value'));
    expect(await runOf(web(), echoGraph())).toMatchObject({ status: 'succeeded' });
    await other.now.kill();
    await until('the warning to end', async () => (await problemsOf(web())) === '');
  });

  test.skipIf(!hasRedisServer)('says what is wrong with its password, and works without Redis', async () => {
    await using redis = await startOwnRedis('--requirepass', 'right');
    await using other = await cluster.add('web', { REDIS_URL: `redis://:wrong@127.0.0.1:${redis.port}` });
    expect(await problemsOf(other.now)).toBe('Redis rejected the user name or password in REDIS_URL.');
    const { url } = await publishedWorkflow(other.now, echoGraph());
    expect((await other.now.send('POST', url, { body: { message: 'hi' } })).status).toBe(200);
  });

  test.skipIf(!hasRedisServer)('says so if its Redis deletes data when its memory is full', async () => {
    await using redis = await startOwnRedis('--maxmemory', '50mb', '--maxmemory-policy', 'allkeys-lru');
    await using other = await cluster.add('web', { REDIS_URL: `redis://127.0.0.1:${redis.port}` });
    expect(await problemsOf(other.now)).toContain('maxmemory-policy allkeys-lru');
    expect(await runOf(other.now, echoGraph())).toMatchObject({ status: 'succeeded' });
  });
});

describe.skipIf(NO_CLUSTER)('a cluster', () => {
  test('is backed up while it runs, and a restore into its database is rejected', async () => {
    await using cluster = await startCluster({ workers: 1, env: { LOG_LEVEL: 'silent' } });
    await using folder = await temporaryDir();
    const web = (cluster.webs[0] as Member).now;
    const { id } = await runOf(web, echoGraph());
    const settings = { ...clusterSettings(cluster.mongo.uri), DATA_DIR: folder.path };
    const backup = join(folder.path, 'backup');
    expect(await switchyard(['backup', backup], settings)).toMatchObject({ code: 0, output: expect.stringContaining('Done: 1 runs') });
    expect(await switchyard(['restore', backup], settings)).toMatchObject({
      code: 1,
      output: expect.stringMatching(/is in use by the Switchyard on .+stop it/),
    });
    expect(await readRun(web, id)).toMatchObject({ status: 'succeeded' });

    await using other = freshDatabase(TEST_MONGODB_URI ?? '');
    const elsewhere = { ...settings, MONGODB_URI: other.uri };
    expect(await switchyard(['restore', backup], elsewhere)).toMatchObject({ code: 0 });
    await using restored = await startServerProcess({ env: elsewhere });
    expect(await readRun(restored, id)).toMatchObject({ status: 'succeeded' });
  });
});

describe.skipIf(NO_CLUSTER)('a single process on MongoDB', () => {
  test('lets no cluster use its database', async () => {
    await using database = freshDatabase(TEST_MONGODB_URI ?? '');
    const settings = clusterSettings(database.uri);
    await using _single = await startServerProcess({ env: { ...settings, REDIS_URL: '' } });
    await expect(startServerProcess({ env: { ...settings, ROLE: 'worker' } })).rejects.toThrow(/is in use by the Switchyard on /);
  });
});
