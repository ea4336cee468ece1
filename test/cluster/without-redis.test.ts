import { openBreakableProxy } from '@switchyard/server/store/mongo/breakable-proxy.fixture.ts';
import { freshDatabase, TEST_MONGODB_URI } from '@switchyard/server/store/mongo/mongo-home.fixture.ts';
import { getReady } from '@switchyard/shared/contracts/system.ts';
import { expect, test } from 'vitest';
import { echoGraph } from '../kit/graph.ts';
import { publishedWorkflow } from '../kit/published.ts';
import { startTestServer } from '../kit/server.ts';
import { until } from '../kit/until.ts';

const { TEST_REDIS_URL } = process.env;

test.skipIf(!TEST_MONGODB_URI || !TEST_REDIS_URL)('while Redis is away, runs continue, limits hold, and the server says so', async () => {
  await using database = freshDatabase(TEST_MONGODB_URI ?? '');
  await using proxy = await openBreakableProxy(TEST_REDIS_URL ?? '');
  await using server = await startTestServer({ env: { MONGODB_URI: database.uri, REDIS_URL: proxy.uri } });
  const { url } = await publishedWorkflow(server, echoGraph(), { requestsPerMinute: 4 });
  const send = () => server.send('POST', url, { body: { message: 'hi' } });
  const redis = async () => (await server.call(getReady, {})).redis?.state;

  expect(await redis()).toBe('connected');
  expect((await send()).status).toBe(200);
  await proxy.cut();
  await until('Redis to be away', async () => (await redis()) === 'away');
  const statuses: number[] = [];
  for (let count = 0; count < 5; count++) statuses.push((await send()).status);
  expect(statuses[0]).toBe(200);
  expect(statuses.at(-1)).toBe(429);
  await proxy.mend();
  await until('Redis to be connected', async () => (await redis()) === 'connected');
  // Redis has counted one request, and the period has not passed.
  expect((await send()).status).toBe(200);
});
