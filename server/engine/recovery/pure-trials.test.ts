import { describe, expect, it } from 'vitest';
import type { AcceptedRun } from '../ports.ts';
import { createPureTrials } from './pure-trials.ts';

const run = (graphHash: string) => ({ runId: 'run_1', graphHash }) as AcceptedRun;

/** Trial notes on a disk that outlives the process. */
function disk(notes = new Set<string>()) {
  let began = 0;
  const ports = {
    beginTrial: async ({ graphHash }: AcceptedRun) => {
      began++;
      const isFirst = !notes.has(graphHash);
      notes.add(graphHash);
      return isFirst;
    },
    endTrial: async ({ graphHash }: AcceptedRun) => void notes.delete(graphHash),
    report: () => {},
  };
  return { notes, trials: createPureTrials(ports), began: () => began };
}

describe('the trial of a graph', () => {
  it('is noted once for all runs that begin together, and the note is deleted once one passes', async () => {
    const { notes, trials, began } = disk();
    expect(await Promise.all([trials.allows(run('a')), trials.allows(run('a'))])).toEqual([true, true]);
    expect([began(), [...notes]]).toEqual([1, ['a']]);
    trials.passed(run('a'));
    expect([...notes]).toEqual([]);
    expect(await trials.allows(run('a'))).toBe(true);
    expect(began()).toBe(1);
  });

  it('marks the graph as suspect if the process died in it: its runs are accepted first, other graphs’ are not', async () => {
    const before = disk();
    await before.trials.allows(run('poison'));
    const { notes, trials } = disk(before.notes);
    expect(await trials.allows(run('poison'))).toBe(false);
    expect(await trials.allows(run('poison'))).toBe(false);
    expect(await trials.allows(run('innocent'))).toBe(true);
    trials.passed(run('innocent'));
    expect([...notes]).toEqual(['poison']);
  });

  it('is repeated if the store was unavailable', async () => {
    const away = createPureTrials({ beginTrial: () => Promise.reject(new Error('away')), endTrial: async () => {}, report: () => {} });
    await expect(away.allows(run('a'))).rejects.toThrow('away');
    await expect(away.allows(run('a'))).rejects.toThrow('away');
  });
});
