import { freshDatabase, TEST_MONGODB_URI } from '@switchyard/server/store/mongo/mongo-home.fixture.ts';
import { getSystem, type System } from '@switchyard/shared/contracts/system.ts';
import { describe, expect, test } from 'vitest';
import { type ServerProcess, startServerProcess } from '../kit/server-process.ts';
import { until } from '../kit/until.ts';

/* What several processes report about themselves, shown by the one that serves the page. */

const { TEST_REDIS_URL } = process.env;

describe.skipIf(!TEST_MONGODB_URI || !TEST_REDIS_URL)('the system of several processes', () => {
  test('shows each with its role, load, and memory, what all of them rejected, and one that is silent', async () => {
    await using database = freshDatabase(TEST_MONGODB_URI ?? '');
    const env = { MONGODB_URI: database.uri, REDIS_URL: TEST_REDIS_URL ?? '', SWITCHYARD_SECRET_KEY: '0'.repeat(64), WORKER_SLOTS: '3' };
    const start = (ROLE: string): Promise<ServerProcess> => startServerProcess({ env: { ...env, ROLE } });
    await using web = await start('web');
    await using other = await start('web');
    await using worker = await start('worker');
    for (let count = 0; count < 2; count++) expect((await other.send('POST', '/api/workflows', { body: {} })).status).toBe(400);
    expect((await web.send('POST', '/api/workflows', { body: {} })).status).toBe(400);

    const whenSystem = (what: string, wanted: (system: System) => boolean): Promise<System> =>
      until(what, async () => {
        const system = await web.call(getSystem, {});
        return wanted(system) && system;
      });
    const rejected = ({ refused }: System): number | undefined => refused.find(({ code }) => code === 'bad-request')?.count;
    const system = await whenSystem('all processes to say how they are', (seen) => {
      return seen.processes.length === 3 && seen.processes.every(({ memoryBytes }) => memoryBytes !== null) && rejected(seen) === 3;
    });
    expect(system.processes[0]).toMatchObject({ pid: web.pid, role: 'web', address: web.base, answered: true, slots: null });
    expect(system.processes).toContainEqual(expect.objectContaining({ pid: other.pid, role: 'web', address: other.base, answered: false }));
    expect(system.processes).toContainEqual(
      expect.objectContaining({ pid: worker.pid, role: 'worker', state: 'live', driving: 0, slots: 3, lagMs: expect.any(Number) }),
    );
    expect(system.redis).toMatchObject({ state: 'connected', since: expect.any(String) });
    expect(system.database).toMatchObject({ kind: 'mongodb', state: 'connected' });

    await worker.kill();
    const stateOf = ({ processes }: System): string => processes.find(({ pid }) => pid === worker.pid)?.state ?? 'removed';
    await whenSystem('the killed process to be silent or removed', (seen) => stateOf(seen) !== 'live');
  });
});
