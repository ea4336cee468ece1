import { describe, expect, it } from 'vitest';
import { resumeNode, runNode } from '../sdk/run-node.fixture.ts';
import { delay } from './delay.ts';

const now = '2026-01-05T10:00:00.000Z';
const run = async (params: Partial<typeof delay.defaults>, body: unknown = {}) => (await runNode(delay, params, { now, body })).result;

describe('delay', () => {
  it('waits for an amount of a unit', async () => {
    expect(await run({ amount: '90', unit: 'minutes' })).toEqual({ kind: 'wait', wait: { kind: 'timer', dueAt: '2026-01-05T11:30:00.000Z' } });
  });

  it('reads the amount from data, as a number or as text', async () => {
    for (const days of [2, '2']) {
      expect(await run({ amount: '{{ input.days }}', unit: 'days' }, { days })).toMatchObject({ wait: { dueAt: '2026-01-07T10:00:00.000Z' } });
    }
  });

  it('waits until a time with its zone', async () => {
    expect(await run({ by: 'time', until: '{{ input.at }}' }, { at: '2026-01-05T12:00:00+01:00' })).toMatchObject({
      wait: { dueAt: '2026-01-05T11:00:00.000Z' },
    });
  });

  it('continues at once if the time has passed or there is nothing to wait for', async () => {
    expect(await run({ by: 'time', until: '2025-01-01T00:00:00Z' })).toEqual({ kind: 'done', output: { until: '2025-01-01T00:00:00.000Z', waited: false } });
    expect(await run({ amount: '0' })).toMatchObject({ kind: 'done', output: { waited: false } });
  });

  it('continues when woken, and returns until when it waited', async () => {
    const wait = { kind: 'timer' as const, id: 'wait_1', dueAt: '2026-01-05T11:30:00.000Z' };
    expect((await resumeNode(delay, {}, { wait, by: 'timer' }, { now })).result).toEqual({ kind: 'done', output: { until: wait.dueAt, waited: true } });
  });

  it.each([
    ['no number', { amount: '{{ input.x }}' }, 'must be a number'],
    ['a number below 0', { amount: '-1' }, '0 or more'],
    ['more than a year', { amount: '1000', unit: 'days' as const }, 'one year'],
    ['beyond any calendar', { amount: '1e300', unit: 'days' as const }, 'out of range'],
    ['a time without a zone', { by: 'time' as const, until: '2027-01-31T09:00:00' }, 'time zone'],
    ['a day that doesn’t exist', { by: 'time' as const, until: '2027-13-31T09:00:00Z' }, 'time zone'],
    ['something else', { by: 'time' as const, until: '{{ input.x }}' }, '“soon”'],
  ])('rejects %s with a message', async (_what, params, words) => {
    await expect(run(params, { x: 'soon' })).rejects.toMatchObject({ code: 'bad-request', message: expect.stringContaining(words) });
  });

  it('reports before a run what can’t work, and leaves templates to the run', () => {
    const paths = (params: object) => delay.check({ ...delay.defaults, ...params }).map(({ path }) => path.join('.'));
    expect(paths({ amount: 'x' })).toEqual(['amount']);
    expect(paths({ by: 'time' })).toEqual(['until']);
    expect(paths({ by: 'time', until: 'tomorrow' })).toEqual(['until']);
    expect(paths({ amount: '{{ input.days }}' })).toEqual([]);
    expect(paths({ by: 'time', until: '{{ input.at }}' })).toEqual([]);
  });
});
