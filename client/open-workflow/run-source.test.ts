import type { ErrorData } from '@switchyard/shared/errors.ts';
import { stepId } from '@switchyard/shared/run/address.ts';
import type { ModelCallRecord, RunEvent } from '@switchyard/shared/run/events.ts';
import { emptyRun, fold } from '@switchyard/shared/run/fold.ts';
import { expect, test } from 'vitest';
import { confidenceOf, stateLine } from '../canvas/steps/state-line.ts';
import { edgeState } from './run-source.ts';

const time = '2026-01-01T00:00:00.000Z';
const later = '2026-01-01T00:00:00.412Z';
const started = (nodeKey: string, round = 1): RunEvent => ({
  type: 'step-started',
  at: time,
  stepId: stepId(nodeKey, round),
  nodeKey,
  nodeType: 'prompt',
  round,
  attempt: 1,
  effect: 'pure',
  input: {},
});
const finished = (nodeKey: string, port: string | null, round = 1): RunEvent => ({
  type: 'step-finished',
  at: later,
  stepId: stepId(nodeKey, round),
  output: {},
  port,
});
const skipped = (nodeKey: string): RunEvent => ({ type: 'step-skipped', at: later, stepId: stepId(nodeKey, 1), nodeKey, nodeType: 'prompt', round: 1 });
const modelCall: ModelCallRecord = {
  kind: 'model',
  route: 'careful',
  connection: 'c',
  provider: 'openai-compatible',
  model: 'small',
  demo: false,
  request: {},
  answer: '',
  finishReason: 'stop',
  usage: { inputTokens: 1, outputTokens: 1 },
  costMicros: 0,
  latencyMs: 1,
  attempts: [],
};
const run = (...events: RunEvent[]) =>
  fold(
    events.map((event, index) => ({ ...event, seq: index + 1 })),
    emptyRun(),
  );
const edge = (sourceKey: string, sourcePort: string, targetKey: string, back = false) => ({
  edgeId: `${sourceKey}-${targetKey}`,
  back,
  sourceKey,
  sourcePort,
  targetKey,
});

test('Only the taken port highlights its edge, which moves while its target is running', () => {
  const choosing = run(started('choose'));
  expect(edgeState(choosing, edge('choose', 'yes', 'a'))).toBe('idle');
  const working = run(started('choose'), finished('choose', 'yes'), skipped('b'), started('a'));
  expect(edgeState(working, edge('choose', 'yes', 'a'))).toBe('active');
  expect(edgeState(working, edge('choose', 'no', 'b'))).toBe('idle');
  const over = run(started('choose'), finished('choose', 'yes'), started('a'), finished('a', null));
  expect(edgeState(over, edge('choose', 'yes', 'a'))).toBe('taken');
});

test('A step without branches highlights its output port, but not its error port', () => {
  const state = run(started('a'), finished('a', null));
  expect(edgeState(state, edge('a', 'out', 'b'))).toBe('taken');
  expect(edgeState(state, edge('a', 'error', 'c'))).toBe('idle');
});

test('An error with its own branch highlights only that branch', () => {
  const state = run(started('a'), { type: 'step-failed', at: later, stepId: 'a#1', error: { code: 'timeout', message: 'late' }, handled: true, attempt: 1 });
  expect(edgeState(state, edge('a', 'error', 'b'))).toBe('taken');
  expect(edgeState(state, edge('a', 'out', 'c'))).toBe('idle');
});

test('A loop edge is highlighted once taken, and moves while its target runs in the round that it started', () => {
  const back = edge('review', 'send_back', 'draft', true);
  const before = [started('draft'), finished('draft', null), started('review'), finished('review', 'send_back')];
  expect(edgeState(run(...before), back)).toBe('idle');
  const round: RunEvent = {
    type: 'round-started',
    at: later,
    edgeId: 'review-draft',
    sourceStepId: 'review#1',
    targetKey: 'draft',
    members: [{ nodeKey: 'draft', round: 2 }],
  };
  expect(edgeState(run(...before, round, started('draft', 2)), back)).toBe('active');
  expect(edgeState(run(...before, round, started('draft', 2), finished('draft', null, 2)), back)).toBe('taken');
});

test('The bottom row of a card shows the step’s state and one figure', () => {
  const step = (...events: RunEvent[]) => {
    const found = run(...events).steps.get('a#1');
    if (!found) throw new Error('the step has not begun');
    return stateLine(found);
  };
  expect(step(started('a'))).toEqual({ tone: 'running', word: 'Running', since: time });
  expect(step(started('a'), finished('a', null))).toEqual({ tone: 'succeeded', word: 'Succeeded', ms: 412 });
  expect(step(skipped('a'))).toEqual({ tone: 'skipped', word: 'Skipped' });
  const retry: RunEvent = {
    type: 'attempt-failed',
    at: time,
    stepId: 'a#1',
    attempt: 1,
    error: { code: 'timeout', message: 'late' },
    waitId: 'w',
    retryAt: later,
  };
  expect(step(started('a'), retry)).toEqual({ tone: 'waiting', word: 'Retrying in', until: later });
  const failed: RunEvent = { type: 'step-failed', at: later, stepId: 'a#1', error: { code: 'timeout', message: 'late' }, handled: false, attempt: 2 };
  expect(step(started('a'), retry, { ...started('a'), attempt: 2 } as RunEvent, failed)).toMatchObject({ tone: 'failed', word: 'Failed after 2 attempts' });
});

test('A step that was pinned, reused, or broken on purpose says so', () => {
  const reused: RunEvent = {
    type: 'step-reused',
    at: time,
    stepId: 'a#1',
    nodeKey: 'a',
    nodeType: 'prompt',
    round: 1,
    fromRunId: 'r',
    input: {},
    output: 'x',
    port: null,
  };
  const lineAfter = (...events: RunEvent[]) => {
    const found = run(...events).steps.get('a#1');
    return found && stateLine(found);
  };
  expect(lineAfter(reused)).toMatchObject({ tone: 'succeeded', icon: 'reused', word: 'Reused' });
  expect(lineAfter({ ...reused, pinned: true } as RunEvent)).toMatchObject({ tone: 'succeeded', icon: 'pinned', word: 'Pinned output' });
  const broken: RunEvent = { type: 'call-started', at: time, stepId: 'a#1', callId: 'a#1/model:1', name: 'model', kind: 'model', fault: 'provider-down' };
  const failed: RunEvent = { type: 'step-failed', at: later, stepId: 'a#1', error: { code: 'timeout', message: 'late' }, handled: false, attempt: 1 };
  expect(lineAfter(started('a'), broken, failed)).toMatchObject({ tone: 'failed', word: 'Broken on purpose', title: 'Failed: provider down' });
});

test('A step whose model call was answered by a later target says so', () => {
  const attempt = (model: string, error?: ErrorData) => ({ connection: 'c', model, latencyMs: 1, ...(error && { error }) });
  const answered = (...attempts: ReturnType<typeof attempt>[]) => {
    const call: RunEvent = { type: 'call-finished', at: later, stepId: 'a#1', callId: 'a#1.1', name: 'model', result: '', record: { ...modelCall, attempts } };
    const begun: RunEvent = { type: 'call-started', at: time, stepId: 'a#1', callId: 'a#1.1', name: 'model', kind: 'model' };
    const found = run(started('a'), begun, call, finished('a', null)).steps.get('a#1');
    return found && stateLine(found).word;
  };
  const down: ErrorData = { code: 'provider-unavailable', message: 'down' };
  expect(answered(attempt('large', down), attempt('small'))).toBe('Used fallback model');
  expect(answered(attempt('large', down), attempt('large'))).toBe('Succeeded');
  expect(answered(attempt('large'))).toBe('Succeeded');
});

test('Confidence is shown with two decimals if there is one', () => {
  const sure = run(started('a'), { ...finished('a', 'x'), output: { confidence: 0.926 } } as RunEvent).steps.get('a#1');
  expect(confidenceOf(sure)).toBe('0.93');
  expect(confidenceOf(run(started('a')).steps.get('a#1'))).toBeUndefined();
});
