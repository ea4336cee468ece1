import { AppError } from '@switchyard/shared/errors.ts';
import { expect, test } from 'vitest';
import { startHousekeeping } from './housekeeping.ts';

const one = async () => ['here'];
const isMine = () => true;
const quiet = { warn: () => undefined } as never;

test('runs jobs in turn, and reports a failed one without skipping the rest', async () => {
  const done: string[] = [];
  const warnings: unknown[] = [];
  const log = { warn: (what: unknown) => warnings.push(what) } as never;
  const failing = async () => {
    done.push('first');
    throw new AppError('not-ready', 'The database is unavailable.');
  };
  const stop = startHousekeeping({ workspaces: one, isMine, log }, () => ({ first: failing, second: async () => void done.push('second') }));
  await expect.poll(() => done).toEqual(['first', 'second']);
  expect(warnings).toEqual([
    { job: 'first', workspaceId: 'here', err: expect.objectContaining({ code: 'not-ready', message: 'The database is unavailable.' }) },
  ]);
  await stop();
});

test('tells the running job to stop, waits for it, and starts no other', async () => {
  const done: string[] = [];
  const long = (stop: AbortSignal) =>
    new Promise<void>((resolve) => {
      done.push('begun');
      stop.addEventListener('abort', () => setImmediate(() => resolve(void done.push('ended'))));
    });
  const stop = startHousekeeping({ workspaces: one, isMine, log: quiet }, () => ({ long, next: async () => void done.push('next') }));
  await expect.poll(() => done).toEqual(['begun']);
  await stop();
  expect(done).toEqual(['begun', 'ended']);
});

test('runs jobs in every workspace', async () => {
  const done: string[] = [];
  const jobsOf = (workspaceId: string) => ({ job: async () => void done.push(workspaceId) });
  const stop = startHousekeeping({ workspaces: async () => ['here', 'there'], isMine, log: quiet }, jobsOf);
  await expect.poll(() => done).toEqual(['here', 'there']);
  await stop();
});

test('leaves the jobs to the process that does them', async () => {
  const done: string[] = [];
  const jobsOf = (workspaceId: string) => ({ job: async () => void done.push(workspaceId) });
  const { promise: asked, resolve } = Promise.withResolvers<void>();
  const notMine = () => {
    resolve();
    return false;
  };
  const stop = startHousekeeping({ workspaces: one, isMine: notMine, log: quiet }, jobsOf);
  await asked;
  await stop();
  expect(done).toEqual([]);
});
