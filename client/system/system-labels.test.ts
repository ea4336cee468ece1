import { expect, it } from 'vitest';
import { hasWorker, latencyWords, loadWords, mixedVersions, silentWords, slowWords } from './system-labels.ts';

it('says how many runs a process drives, and of how many', () => {
  expect(loadWords({ role: 'worker', driving: 3, slots: 16 })).toBe('3 of 16 runs');
  expect(loadWords({ role: 'all', driving: 1, slots: null })).toBe('1 run');
  expect(loadWords({ role: 'web', driving: 0, slots: 16 })).toBe('–');
});

it('names the versions of live processes only if they differ', () => {
  const process = (version: string, state: 'live' | 'silent' = 'live') => ({ version, state }) as Parameters<typeof mixedVersions>[0][number];
  expect(mixedVersions([process('0.2.0'), process('0.2.0'), process('0.1.0', 'silent')])).toBeUndefined();
  expect(mixedVersions([process('0.2.0'), process('0.1.0')])).toBe('0.1.0 and 0.2.0');
});

it('says what was slow', () => {
  expect(slowWords({ kind: 'event-loop', what: '' })).toBe('');
  expect(slowWords({ kind: 'event-loop', what: '(loading)' })).toBe('while a run was loaded');
  expect(slowWords({ kind: 'event-loop', what: 'draft#1' })).toBe('after draft#1 started');
  expect(slowWords({ kind: 'database', what: 'find runs' })).toBe('find runs');
  expect(latencyWords(0.2)).toBe('< 1 ms');
  expect(latencyWords(12.3)).toBe('12 ms');
});

it('says who takes over from a silent process, if anyone can', () => {
  expect(
    hasWorker([
      { role: 'web', state: 'live' },
      { role: 'worker', state: 'silent' },
      { role: 'all', state: 'draining' },
    ]),
  ).toBe(false);
  expect(hasWorker([{ role: 'all', state: 'live' }])).toBe(true);
  expect(silentWords(1, true)).toBe('A process has sent no heartbeat for 10 s. Other workers take over its runs.');
  expect(silentWords(2, false)).toBe('2 processes have sent no heartbeat for 10 s.');
});
