import type { JournalEvent } from '@switchyard/shared/run/events.ts';
import type { RunState } from '@switchyard/shared/run/state.ts';
import { expect, it } from 'vitest';
import { inProcessBus } from '../../ownership/in-process-bus.ts';
import { createSlowList, longestOfEach, watchCalls } from './slow-work.ts';

const START = Date.parse('2026-11-30T09:00:00.000Z');

function listAt() {
  const clock = { ms: START };
  return { clock, slow: createSlowList(() => new Date(clock.ms)) };
}
const database = (ms: number) => ({ kind: 'database', what: 'find runs', ms, runId: null }) as const;

it('lists the longest of each kind, and nothing below its limit', () => {
  const { slow } = listAt();
  for (const ms of [249, 300, 900.4, 500, 400, 700, 600]) slow.note(database(ms));
  slow.note({ kind: 'event-loop', what: 'draft#1', ms: 100, runId: 'run_1' });
  slow.note({ kind: 'model-call', what: 'gpt-5', ms: 9_999, runId: 'run_1' });
  expect(slow.list().map(({ kind, ms }) => `${kind} ${ms}`)).toEqual([
    'event-loop 100',
    'database 900',
    'database 700',
    'database 600',
    'database 500',
    'database 400',
  ]);
  expect(slow.list()[0]).toEqual({ kind: 'event-loop', what: 'draft#1', ms: 100, runId: 'run_1', at: '2026-11-30T09:00:00.000Z' });
});

it('forgets what is an hour old, and still has what was shorter', () => {
  const { clock, slow } = listAt();
  for (let count = 0; count < 5; count++) slow.note(database(900));
  clock.ms += 30 * 60_000;
  slow.note(database(300));
  clock.ms += 31 * 60_000;
  expect(slow.list().map(({ ms }) => ms)).toEqual([300]);
});

it('remembers a bounded number', () => {
  const { clock, slow } = listAt();
  for (let ms = 300; ms < 1_300; ms++) slow.note(database(ms));
  clock.ms += 1;
  expect(slow.list().map(({ ms }) => ms)).toEqual([1_299, 1_298, 1_297, 1_296, 1_295]);
});

it('merges the lists of several processes', () => {
  const works = [1, 2, 3, 4, 5, 6].map((ms) => ({ kind: 'http-call', ms }) as const);
  expect(longestOfEach([{ kind: 'database', ms: 1 } as const, ...works]).map(({ kind, ms }) => `${kind} ${ms}`)).toEqual([
    'database 1',
    ...[6, 5, 4, 3, 2].map((ms) => `http-call ${ms}`),
  ]);
});

it('notes slow model and HTTP calls of runs, with the model or the node', () => {
  const { slow } = listAt();
  const bus = inProcessBus(() => {});
  watchCalls(bus, slow);
  const call = (type: string, record: object) => ({ type, stepId: 'fetch#1', callId: 'c', name: 'c', record }) as unknown as JournalEvent;
  bus.publish({
    kind: 'run-committed',
    run: { runId: 'run_1', workspaceId: 'ws', workflowId: 'wfl_1' },
    events: [
      call('call-finished', { kind: 'model', model: 'gpt-5', latencyMs: 12_000 }),
      call('call-finished', { kind: 'model', model: 'gpt-5-mini', latencyMs: 900 }),
      call('call-failed', { kind: 'http', url: 'https://example.com', latencyMs: 8_000 }),
    ],
    head: 3,
    status: 'running',
    state: { steps: new Map([['fetch#1', { nodeKey: 'fetch' }]]) } as unknown as RunState,
  });
  expect(slow.list().map(({ kind, what, ms, runId }) => `${kind} ${what} ${ms} ${runId}`)).toEqual([
    'model-call gpt-5 12000 run_1',
    'http-call fetch 8000 run_1',
  ]);
});
