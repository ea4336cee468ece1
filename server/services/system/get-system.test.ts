import { AppError } from '@switchyard/shared/errors.ts';
import { expect, it } from 'vitest';
import { getSystem, type ProcessView, type SystemSource } from './get-system.ts';

const AT = '2026-11-30T09:00:00.000Z';

const view = (id: string, more: Partial<ProcessView> = {}): ProcessView => ({
  id,
  role: 'all',
  host: 'host-a',
  pid: 1,
  address: null,
  version: '0.1.0',
  startedAt: AT,
  state: 'live',
  driving: 0,
  slots: 16,
  activity: {
    memoryBytes: 1_000,
    lagMs: 2,
    refused: [{ code: 'killed', title: 'Stopped by a kill switch', count: 1, lastAt: AT }],
    slow: [{ kind: 'database', what: 'find runs', ms: 300, at: AT, runId: null }],
  },
  ...more,
});

const source = (more: Partial<SystemSource> = {}): SystemSource => ({
  self: () => view('a'),
  others: async () => [view('b'), view('c', { state: 'silent', activity: null })],
  database: { kind: 'mongodb', ready: async () => {} },
  redis: () => ({ state: 'connected', since: AT, problems: [] }),
  now: () => new Date(AT),
  elapsed: () => 0,
  ...more,
});

it('lists the process that answers first, and adds up what all of them say', async () => {
  const system = await getSystem(source());
  expect(system).toMatchObject({
    at: AT,
    processes: [
      { id: 'a', answered: true, memoryBytes: 1_000, lagMs: 2 },
      { id: 'b', answered: false },
      { id: 'c', answered: false, state: 'silent', memoryBytes: null, lagMs: null },
    ],
    database: { kind: 'mongodb', state: 'connected', latencyMs: 0, problem: null },
    refused: [{ code: 'killed', count: 2 }],
  });
  expect(system.slow.map(({ processId, what }) => `${processId} ${what}`)).toEqual(['a find runs', 'b find runs']);
});

it('says why the database is away, and then shows only this process', async () => {
  const ready = async (): Promise<void> => {
    throw new AppError('not-ready', 'MongoDB is unavailable.');
  };
  const others = (): never => {
    throw new Error('Not to be read.');
  };
  expect(await getSystem(source({ database: { kind: 'mongodb', ready }, others }))).toMatchObject({
    processes: [{ id: 'a' }],
    database: { state: 'away', latencyMs: null, problem: 'MongoDB is unavailable.' },
  });
});

it('shows only this process if the database goes away in between', async () => {
  const others = () => Promise.reject(new AppError('not-ready'));
  expect((await getSystem(source({ others }))).processes.map(({ id }) => id)).toEqual(['a']);
});
