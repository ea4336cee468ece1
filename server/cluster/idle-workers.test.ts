import { expect, test } from 'vitest';
import { idleWorkers } from './idle-workers.ts';

const worker = (id: string, driving = 0) => ({ id, role: 'worker' as const, state: 'live' as const, slots: 2, driving });

test('workers with a free slot take turns, without this process, web processes, and those that stop', () => {
  const others = [
    { ...worker('web'), role: 'web' as const },
    { ...worker('old'), state: 'draining' as const },
  ];
  const next = idleWorkers({ live: () => [worker('b', 1), worker('me'), ...others, worker('a'), worker('full', 2)], own: 'me' });
  expect([next(), next(), next()]).toEqual(['a', 'b', 'a']);
});

test('no worker is named if all are busy', () => {
  expect(idleWorkers({ live: () => [worker('a', 2)], own: 'me' })()).toBeUndefined();
});
