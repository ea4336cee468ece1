import type { JournalEvent } from '@switchyard/shared/run/events.ts';
import { describe, expect, it } from 'vitest';
import { type Observed, violations } from './violations.ts';

const event = (seq: number, type: string, more: object = {}) => ({ seq, type, at: '2026-01-01T00:00:00.000Z', ...more }) as unknown as JournalEvent;
const JOURNAL = [
  event(1, 'run-started'),
  event(2, 'call-started', { stepId: 'post#1', callId: 'post#1/1' }),
  event(3, 'call-finished', { stepId: 'post#1', callId: 'post#1/1' }),
  event(4, 'step-finished', { stepId: 'post#1' }),
  event(5, 'run-finished'),
];
const FINE: Observed = {
  acknowledged: [{ subject: 'one', runId: 'run_1', output: 'about one' }],
  effects: [{ subject: 'one', key: 'key-1' }],
  runs: [{ id: 'run_1', status: 'succeeded', output: 'about one', events: JOURNAL }],
  expected: (subject) => `about ${subject}`,
};
const [RUN] = FINE.runs;

describe('the checker', () => {
  it('finds nothing if everything agrees, also after a change of driver with a repeated request', () => {
    expect(violations(FINE)).toEqual([]);
    const events = [
      event(1, 'run-started'),
      event(2, 'driver-changed'),
      ...JOURNAL.slice(1).map(({ seq, ...rest }) => ({ ...rest, seq: seq + 1 }) as JournalEvent),
    ];
    expect(violations({ ...FINE, effects: [...FINE.effects, ...FINE.effects], runs: [{ ...RUN, events } as never] })).toEqual([]);
  });

  const planted: [string, Partial<Observed>, RegExp][] = [
    ['an acknowledged request whose run is lost', { runs: [] }, /its run run_1 is lost/],
    ['two runs of one request', { acknowledged: [...FINE.acknowledged, { subject: 'one', runId: 'run_2' }] }, /two runs/],
    ['a run without a request', { runs: [...FINE.runs, { ...RUN, id: 'run_3' } as never] }, /run_3 belongs to no request/],
    ['a run that has not ended', { runs: [{ ...RUN, status: 'running', events: JOURNAL.slice(0, 4) } as never] }, /run_1 is running/],
    ['a gap in a journal', { runs: [{ ...RUN, events: JOURNAL.filter(({ seq }) => seq !== 3) } as never] }, /event 3 has the number 4/],
    [
      'a finished step that ran again',
      { runs: [{ ...RUN, events: [...JOURNAL.slice(0, 4), event(5, 'step-finished', { stepId: 'post#1' }), event(6, 'run-finished')] } as never] },
      /after the end of post#1/,
    ],
    ['a wrong output', { runs: [{ ...RUN, output: 'about two' } as never] }, /output "about two"/],
    ['a caller that was told something else', { acknowledged: [{ subject: 'one', runId: 'run_1', output: 'other' }] }, /the caller was told "other"/],
    ['a request sent twice by one driver', { effects: [...FINE.effects, ...FINE.effects] }, /2 requests, but 0 changes/],
    ['a request that was never sent', { effects: [] }, /no request was sent/],
    ['two keys for one request', { effects: [...FINE.effects, { subject: 'one', key: 'key-2' }] }, /2 keys/],
    ['a request without a key', { effects: [{ subject: 'one', key: '' }] }, /1 keys/],
    ['a request of no run', { effects: [...FINE.effects, { subject: 'two', key: 'key-9' }] }, /two: a request without a run/],
  ];
  it.each(planted)('finds %s', (_, change, found) => {
    expect(violations({ ...FINE, ...change }).join('\n')).toMatch(found);
  });
});
