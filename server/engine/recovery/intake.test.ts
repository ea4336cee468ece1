import { expect, it } from 'vitest';
import type { EnginePorts } from '../ports.ts';
import { createIntake } from './intake.ts';

/** A process among several, with two slots. */
function intakeOf(nobodys: string[][], found: 'elsewhere' | 'unreadable' = 'elsewhere') {
  const driving = new Set<string>();
  const offered: string[] = [];
  let freed = 0;
  const ports = {
    now: () => 1,
    report: () => {},
    queue: { workspaces: async () => [], find: async () => found },
    ownership: { shared: true, ownerOfNew: 'me', notify: () => {}, adopt: () => {}, unowned: async () => nobodys.shift() ?? [] },
    dispatch: { drives: true, slots: 2, offer: (runId: string) => offered.push(runId), freed: () => freed++ },
  } as unknown as EnginePorts;
  const intake = createIntake({ ports, driven: () => driving.size, isDriven: (runId) => driving.has(runId), drive: (runId) => void driving.add(runId) });
  const end = (runId: string): void => {
    driving.delete(runId);
    intake.done(runId);
  };
  return { intake, driving, offered, end, freed: () => freed };
}

it('drives as many runs as it has slots, and the rest as these end', async () => {
  const { intake, driving, end } = intakeOf([['d', 'e']]);
  intake.add(['a', 'b', 'c']);
  expect([...driving]).toEqual(['a', 'b']);
  end('a');
  expect([...driving]).toEqual(['b', 'c']);
  // There were more runs than slots, so it searches again as soon as a slot is free.
  end('b');
  await expect.poll(() => [...driving]).toEqual(['c', 'd']);
  end('c');
  expect([...driving]).toEqual(['d', 'e']);
});

it('leaves new and woken runs to others while no slot is free', async () => {
  const { intake, driving, offered, end, freed } = intakeOf([]);
  expect(intake.ownerOfNew()).toBe('me');
  expect(intake.take('a')).toBe(true);
  intake.wake('b');
  expect([intake.ownerOfNew(), intake.take('c')]).toEqual([null, false]);
  intake.wake('d');
  expect(offered).toEqual(['d']);
  await expect.poll(() => driving.has('a')).toBe(true);
  end('a');
  expect([freed(), intake.take('c')]).toEqual([1, true]);
});

it('takes nothing once it stops', () => {
  const { intake, driving, offered } = intakeOf([]);
  intake.close();
  intake.wake('a');
  expect([intake.take('b'), intake.ownerOfNew(), driving.size, offered]).toEqual([false, null, 0, ['a']]);
});

it('passes a run on that its version can’t read, once', async () => {
  const { intake, driving, offered } = intakeOf([], 'unreadable');
  expect(intake.take('a')).toBe(true);
  await expect.poll(() => offered).toEqual(['a']);
  for (const runId of ['a', 'b']) intake.take(runId);
  await expect.poll(() => offered).toEqual(['a', 'b']);
  expect(driving.size).toBe(0);
});
