import { describe, expect, it } from 'vitest';
import type { WorkflowRecord } from '../../store/collections.ts';
import { chooseForChild, chooseVersion, divisionOf } from './choose-version.ts';

const choosing = { now: new Date(0), keyedHash: (value: string) => `hash of ${value}`.padEnd(40, '.') };

function division(parts: Partial<WorkflowRecord> = {}) {
  const release = [
    { version: 1, weight: 70 },
    { version: 2, weight: 30 },
  ];
  const found = divisionOf({ id: 'wfl', release, watchedRevision: 3, ...parts });
  if (!found) throw new Error('There is no division.');
  return found;
}

const called = (body: unknown, index = 0) => ({ trigger: { kind: 'webhook' as const, body }, id: `run_${index}` });
const shadow = { id: 'rep', percent: 40, status: 'running' } as NonNullable<WorkflowRecord['shadow']>;

describe('the choice of a version', () => {
  it('lets the ID of the run decide where the sticky value is missing, empty, too complex, or fails, and keeps no key', () => {
    const byKey = division({ sticky: '{{ trigger.body.customer.id }}' });
    const versions = Array.from({ length: 60 }, (_, index) => {
      const bodies = [null, { customer: { id: ' ' } }, { customer: { id: { a: 1 } } }, { customer: null }];
      const choice = chooseVersion(byKey, choosing, called(bodies[index % 4], index));
      expect(choice).toMatchObject({ id: `run_${index}`, release: { releaseRevision: 3 } });
      expect(choice.release).not.toHaveProperty('stickyKey');
      return choice.version;
    });
    expect(new Set(versions)).toEqual(new Set([1, 2]));
    const sticky = Array.from({ length: 20 }, (_, index) => chooseVersion(byKey, choosing, called({ customer: { id: 'ada' } }, index)).version);
    expect(new Set(sticky).size).toBe(1);
  });

  it('adds the shadow to its share of the runs, whatever their version and value, and to the same ones each time', () => {
    const divided = division({ sticky: '{{ trigger.body }}', shadow });
    const choices = Array.from({ length: 400 }, (_, index) => chooseVersion(divided, choosing, called('ada', index)));
    const taken = choices.filter(({ release }) => release?.shadow === 'rep');
    expect(taken.length).toBeGreaterThan(120);
    expect(taken.length).toBeLessThan(200);
    expect(new Set(choices.map(({ version }) => version)).size).toBe(1);
    expect(chooseVersion(divided, choosing, called('bob', 7)).release?.shadow).toBe(choices[7]?.release?.shadow);
    expect(chooseForChild(divided, choosing, { id: 'root' }, 'run_7').release?.shadow).toBe(choices[7]?.release?.shadow);
  });

  it('adds no shadow that has ended', () => {
    const divided = division({ release: [{ version: 1, weight: 100 }], shadow: { ...shadow, percent: 100, status: 'finished' } });
    expect(chooseVersion(divided, choosing, called('ada'))).toEqual({ version: 1 });
  });
});
