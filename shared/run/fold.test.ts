import { describe, expect, it } from 'vitest';
import type { JournalEvent, ModelCallRecord, RunEvent } from './events.ts';
import { applyEvent, emptyRun, fold } from './fold.ts';
import { currentStep, type RunState } from './state.ts';

const at = (second: number): string => new Date(Date.UTC(2026, 0, 1, 12, 0, second)).toISOString();

/** Events without their time and number, which are counted from 1. */
type Bare = RunEvent extends infer E ? (E extends RunEvent ? Omit<E, 'at'> : never) : never;
const journal = (...events: Bare[]): JournalEvent[] => events.map((event, index) => ({ ...event, at: at(index + 1), seq: index + 1 }) as JournalEvent);

const started: Bare = { type: 'run-started', workflowId: 'wf', version: 3, trigger: 'webhook', labels: { tenant: 't' }, graphHash: 'h' };
const stepStarted = (key: string, round = 1, attempt = 1): Bare => ({
  type: 'step-started',
  stepId: `${key}#${round}`,
  nodeKey: key,
  nodeType: 'prompt',
  round,
  attempt,
  effect: 'keyed',
  input: { attempt },
});
const stepFinished = (key: string, output: unknown = key, round = 1): Bare => ({ type: 'step-finished', stepId: `${key}#${round}`, output, port: null });
const error = { code: 'node-failed', message: 'It broke' } as const;
const stepOf = (state: RunState, id: string) => {
  const step = state.steps.get(id);
  if (!step) throw new Error(`no step ${id}`);
  return step;
};

const record = (costMicros: number): ModelCallRecord => ({
  kind: 'model',
  route: 'fast',
  connection: 'c',
  provider: 'demo',
  model: 'demo-1',
  demo: true,
  request: {},
  answer: 'ok',
  finishReason: 'stop',
  usage: { inputTokens: 10, outputTokens: 2 },
  costMicros,
  latencyMs: 5,
  attempts: [],
});
const called = (key: string, result: unknown = 'ok'): Bare => ({
  type: 'call-finished',
  stepId: `${key}#1`,
  callId: `${key}#1/model/1`,
  name: 'model',
  result,
  record: record(7.5),
});
const callStarted = (key: string): Bare => ({ type: 'call-started', stepId: `${key}#1`, callId: `${key}#1/model/1`, name: 'model', kind: 'model' });

describe('a run that succeeds', () => {
  const events = journal(
    started,
    stepStarted('a'),
    callStarted('a'),
    called('a'),
    stepFinished('a', { text: 'hi' }),
    { type: 'step-skipped', stepId: 'b#1', nodeKey: 'b', nodeType: 'prompt', round: 1 },
    { type: 'run-finished', status: 'succeeded' },
  );

  it('has what its events say', () => {
    const state = fold(events);
    expect(state).toMatchObject({
      seq: 7,
      epoch: 1,
      eventVersion: 2,
      status: 'succeeded',
      workflowId: 'wf',
      version: 3,
      trigger: 'webhook',
      startedAt: at(1),
      endedAt: at(7),
      runningCount: 0,
      waitingCount: 0,
    });
    expect(stepOf(state, 'a#1')).toMatchObject({
      status: 'succeeded',
      effect: 'keyed',
      input: { attempt: 1 },
      output: { text: 'hi' },
      port: null,
      startedAt: at(2),
      endedAt: at(5),
    });
    expect(stepOf(state, 'a#1').attempts).toEqual([{ number: 1, startedAt: at(2), endedAt: at(5) }]);
    expect(stepOf(state, 'b#1')).toMatchObject({ status: 'skipped', attempts: [] });
  });

  it('adds up tokens and cost, by step and in total', () => {
    const state = fold(events);
    expect(state).toMatchObject({ usage: { inputTokens: 10, outputTokens: 2 }, costMicros: 7.5 });
    expect(stepOf(state, 'a#1')).toMatchObject({ usage: { inputTokens: 10, outputTokens: 2 }, costMicros: 7.5 });
    expect(stepOf(state, 'a#1').calls).toMatchObject([{ status: 'succeeded', result: 'ok', startedAt: at(3), endedAt: at(4) }]);
  });

  it('counts calls of unknown price, and keeps the known part of their cost (S62)', () => {
    const call = (number: number, more: object): Bare => ({ ...called('a'), callId: `a#1/model/${number}`, ...more }) as Bare;
    const attempt = { connection: 'c', model: 'm', latencyMs: 1 };
    const unknown = { ...record(0), costMicros: null };
    const state = fold(
      journal(
        started,
        stepStarted('a'),
        called('a'),
        call(2, { record: unknown }),
        call(3, { record: { ...unknown, attempts: [{ ...attempt, costMicros: 2 }, { ...attempt, costMicros: null }, attempt] } }),
        call(4, { type: 'call-failed', error: { code: 'internal', message: 'x' }, record: undefined, spent: { usage: record(0).usage, costMicros: null } }),
      ),
    );
    expect(state).toMatchObject({ costMicros: 9.5, unknownPrice: 3 });
    expect(stepOf(state, 'a#1')).toMatchObject({ costMicros: 9.5, unknownPrice: 3 });
  });

  it('is running from its first event, and queued before', () => {
    expect(emptyRun().status).toBe('queued');
    expect(fold(events.slice(0, 1)).status).toBe('running');
    expect(fold(events.slice(0, 2))).toMatchObject({ status: 'running', runningCount: 1 });
  });

  it('is the same however its journal is split (invariants 1 and 2)', () => {
    const whole = fold(events);
    for (let cut = 0; cut <= events.length; cut++) {
      const state = fold(events.slice(0, cut));
      fold(events.slice(Math.max(0, cut - 2)), state);
      expect(state).toEqual(whole);
    }
  });

  it('creates a new object for each step that changes, and for no other (invariant 3)', () => {
    const state = fold(journal(started, stepStarted('a'), stepStarted('b')));
    const [a, b] = [stepOf(state, 'a#1'), stepOf(state, 'b#1')];
    const frozen = structuredClone(a);
    applyEvent(state, { ...stepFinished('a'), at: at(4), seq: 4 } as JournalEvent);
    expect(stepOf(state, 'a#1')).not.toBe(a);
    expect(a).toEqual(frozen);
    expect(stepOf(state, 'b#1')).toBe(b);
  });

  it('replies only with its first reply (S9)', () => {
    const reply = (value: string) => ({ value, status: 200, headers: {}, outcome: 'success' as const });
    const finish = (key: string): Bare => ({ type: 'step-finished', stepId: `${key}#1`, output: key, port: null, reply: reply(key) });
    const state = fold(journal(started, stepStarted('a'), stepStarted('b'), finish('b'), finish('a')));
    expect(state.reply).toEqual({ ...reply('b'), stepId: 'b#1' });
  });
});

describe('a step that fails', () => {
  it('keeps each attempt with its error, and waits between them', () => {
    const failed: Bare = { type: 'attempt-failed', stepId: 'a#1', attempt: 1, error, waitId: 'w1', retryAt: at(9) };
    const waiting = fold(journal(started, stepStarted('a'), failed));
    expect(waiting).toMatchObject({ status: 'waiting', runningCount: 0, waitingCount: 1 });
    expect(stepOf(waiting, 'a#1').wait).toEqual({ kind: 'retry', id: 'w1', dueAt: at(9) });
    const again = fold(journal(started, stepStarted('a'), failed, stepStarted('a', 1, 2), stepFinished('a')));
    expect(stepOf(again, 'a#1')).toMatchObject({ status: 'succeeded', startedAt: at(2), input: { attempt: 2 } });
    expect(stepOf(again, 'a#1').wait).toBeUndefined();
    expect(stepOf(again, 'a#1').attempts).toEqual([
      { number: 1, startedAt: at(2), endedAt: at(3), error },
      { number: 2, startedAt: at(4), endedAt: at(5) },
    ]);
  });

  it('fails the run only if its error is not handled (S10)', () => {
    const fail = (handled: boolean): Bare => ({ type: 'step-failed', stepId: 'a#1', error, handled, attempt: 1 });
    const handled = fold(journal(started, stepStarted('a'), fail(true)));
    expect(handled.error).toBeUndefined();
    expect(stepOf(handled, 'a#1')).toMatchObject({ status: 'failed', handled: true, error });
    expect(fold(journal(started, stepStarted('a'), fail(false))).error).toEqual(error);
  });

  it('ends its running calls, and keeps the results of finished ones', () => {
    const state = fold(journal(started, stepStarted('a'), callStarted('a'), { type: 'step-failed', stepId: 'a#1', error, handled: true, attempt: 1 }));
    expect(stepOf(state, 'a#1').calls).toMatchObject([{ status: 'failed', endedAt: at(4) }]);
    const done = fold(journal(started, stepStarted('a'), called('a'), { type: 'step-failed', stepId: 'a#1', error, handled: true, attempt: 1 }));
    expect(stepOf(done, 'a#1').calls).toMatchObject([{ status: 'succeeded', result: 'ok' }]);
  });

  it('is canceled with its reason', () => {
    const state = fold(journal(started, stepStarted('a'), { type: 'step-cancelled', stepId: 'a#1', reason: 'run-cancelled', effectUnknown: true }));
    expect(stepOf(state, 'a#1')).toMatchObject({ status: 'cancelled', cancelReason: 'run-cancelled', effectUnknown: true, endedAt: at(3) });
  });
});

describe('waiting', () => {
  const wait = { kind: 'timer', id: 'w1', dueAt: at(30) } as const;
  const waits: Bare = { type: 'step-waiting', stepId: 'a#1', wait };
  const ended = (waitId: string): Bare => ({ type: 'wait-ended', stepId: 'a#1', waitId, by: 'timer', value: null });

  it('is the status of a run only while nothing runs (S14)', () => {
    expect(fold(journal(started, stepStarted('a'), stepStarted('b'), waits)).status).toBe('running');
    expect(fold(journal(started, stepStarted('a'), stepStarted('b'), waits, stepFinished('b'))).status).toBe('waiting');
  });

  it('ends once, and the step resumes with how it ended', () => {
    const state = fold(journal(started, stepStarted('a'), waits, ended('w1')));
    expect(stepOf(state, 'a#1')).toMatchObject({ status: 'running', interrupted: true, waits: 1, resolution: { wait, by: 'timer', at: at(4) } });
    expect(state.status).toBe('running');
    const twice = fold(journal(started, stepStarted('a'), waits, ended('w1'), ended('w1')));
    expect(twice.steps).toEqual(state.steps);
  });

  it('is not ended by the end of another wait', () => {
    expect(stepOf(fold(journal(started, stepStarted('a'), waits, ended('w0'))), 'a#1')).toMatchObject({ status: 'waiting', wait });
  });
});

describe('rounds (S7)', () => {
  const back = (source: string, members: string[], round: number): Bare => ({
    type: 'round-started',
    edgeId: 'back',
    sourceStepId: source,
    targetKey: members[0] ?? '',
    members: members.map((nodeKey) => ({ nodeKey, round })),
  });

  it('move the target and everything forward of it to the next round, and keep the round before', () => {
    const state = fold(
      journal(
        started,
        stepStarted('a'),
        stepFinished('a', 1),
        stepStarted('b'),
        stepFinished('b', 1),
        back('b#1', ['a', 'b'], 2),
        stepStarted('a', 2),
        stepFinished('a', 2, 2),
      ),
    );
    expect(currentStep(state, 'a')).toMatchObject({ id: 'a#2', round: 2, output: 2 });
    expect(currentStep(state, 'b')).toBeUndefined();
    expect(stepOf(state, 'a#1').output).toBe(1);
    expect([...state.forced]).toEqual(['a']);
    expect([...state.loopReturns]).toEqual(['back@b#1']);
  });

  it('count how often a target was looped back to, from 1 again when it was restarted from outside', () => {
    const twice = fold(journal(started, back('b#1', ['a', 'b'], 2), back('b#2', ['a', 'b'], 3)));
    expect(twice.loopCounts.get('a')).toBe(2);
    const restarted = fold(journal(started, back('b#1', ['a', 'b'], 2), back('c#1', ['start', 'a', 'b'], 3)));
    expect(Object.fromEntries(restarted.loopCounts)).toEqual({ start: 1 });
    expect([...restarted.forced]).toEqual(['start']);
  });
});

describe('drivers (S15, S29a)', () => {
  const changed = (epoch: number, crashes: number): Bare => ({ type: 'driver-changed', epoch, crashes });
  const callFinished = (key: string): Bare => ({ type: 'call-finished', stepId: `${key}#1`, callId: `${key}#1/http/0`, name: 'http', result: 1 });

  it('find running steps interrupted after a crash, with the count of the takeover', () => {
    const state = fold(journal(started, stepStarted('a'), callStarted('a'), stepStarted('b'), stepFinished('b'), changed(2, 1)));
    expect(state).toMatchObject({ epoch: 2, crashes: 1, restarts: 1 });
    expect(stepOf(state, 'a#1')).toMatchObject({ status: 'running', interrupted: true, crashes: 1, calls: [{ status: 'failed' }] });
    expect(stepOf(state, 'b#1')).toMatchObject({ interrupted: false, crashes: 0 });
  });

  it('count each interruption as a crash in events of 0.1, but not before the step was resumed', () => {
    const state = fold(journal(started, stepStarted('a'), { type: 'driver-changed', epoch: 2 }, { type: 'driver-changed', epoch: 3 }));
    expect(stepOf(state, 'a#1').crashes).toBe(1);
  });

  it('that hand off a run count none', () => {
    const state = fold(journal(started, stepStarted('a'), { type: 'driver-released', interrupted: ['a#1'] }, { type: 'driver-changed', epoch: 2 }));
    expect(stepOf(state, 'a#1')).toMatchObject({ interrupted: true, crashes: 0 });
  });

  it('continue with the same attempt of an interrupted step', () => {
    const state = fold(journal(started, stepStarted('a'), changed(2, 1), stepStarted('a'), stepFinished('a')));
    expect(stepOf(state, 'a#1')).toMatchObject({ status: 'succeeded', startedAt: at(2), interrupted: false, crashes: 0 });
    expect(stepOf(state, 'a#1').attempts).toHaveLength(1);
  });

  it('keep the count while the same step and the same call only start again', () => {
    const again = [stepStarted('a'), callStarted('a')];
    const state = fold(journal(started, ...again, changed(2, 1), ...again, changed(3, 2), ...again));
    expect(state).toMatchObject({ crashes: 2, restarts: 2 });
    expect(stepOf(state, 'a#1').crashes).toBe(2);
  });

  it('count from 0 again once the run makes progress', () => {
    for (const further of [callFinished('a'), stepFinished('a'), stepStarted('b')]) {
      const state = fold(journal(started, stepStarted('a'), callStarted('a'), changed(2, 2), stepStarted('a'), callStarted('a'), further));
      expect(state).toMatchObject({ crashes: 0, restarts: 0 });
      expect(stepOf(state, 'a#1').crashes).toBe(0);
    }
  });
});

describe('the end of a run', () => {
  it('follows from its last event, including the error', () => {
    const failing: Bare = { type: 'step-failed', stepId: 'a#1', error, handled: false, attempt: 1 };
    expect(fold(journal(started, stepStarted('a'), failing, { type: 'run-finished', status: 'failed', error }))).toMatchObject({
      status: 'failed',
      error,
      endedAt: at(4),
    });
    const saved = fold(journal(started, stepStarted('a'), failing, { type: 'run-finished', status: 'cancelled' }));
    expect(saved.status).toBe('cancelled');
    expect(saved.error).toBeUndefined();
  });

  it('starts with the request to cancel', () => {
    expect(fold(journal(started, { type: 'cancel-requested', reason: 'enough' }))).toMatchObject({
      cancelling: true,
      cancelReason: 'enough',
      status: 'running',
    });
  });

  it('can have a cause outside any step, which is the first error', () => {
    const limit = { code: 'loop-limit', message: 'Too often' } as const;
    expect(fold(journal(started, { type: 'run-failing', error: limit }, { type: 'run-failing', error })).error).toEqual(limit);
  });
});

describe('a step reused from another run', () => {
  it('is finished with its earlier output', () => {
    const state = fold(
      journal(started, {
        type: 'step-reused',
        stepId: 'a#1',
        nodeKey: 'a',
        nodeType: 'prompt',
        round: 1,
        fromRunId: 'run_0',
        input: { x: 1 },
        output: 'hi',
        port: 'yes',
      }),
    );
    expect(stepOf(state, 'a#1')).toMatchObject({ status: 'succeeded', output: 'hi', port: 'yes', reusedFrom: 'run_0', attempts: [], costMicros: 0 });
    expect(state.runningCount).toBe(0);
  });
});
