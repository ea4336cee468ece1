import { expect, it } from 'vitest';
import type { CallAttempt, JournalEvent, ModelCallRecord, RunEvent } from '../events.ts';
import { fold } from '../fold.ts';
import { NO_FACTS, packFacts, type RunFacts, readFacts } from './run-facts.ts';

type Bare = RunEvent extends infer E ? (E extends RunEvent ? Omit<E, 'at'> : never) : never;
const at = (second: number): string => new Date(Date.UTC(2026, 0, 1, 12, 0, second)).toISOString();

/** The facts of a run with these events, one a second. */
const factsOf = (...events: Bare[]): RunFacts => {
  const started: Bare = { type: 'run-started', workflowId: 'wf', version: 3, trigger: 'webhook', labels: {}, graphHash: 'h' };
  return fold([started, ...events].map((event, index) => ({ ...event, at: at(index), seq: index + 1 }) as JournalEvent)).facts;
};
const start = (key: string, nodeType = 'prompt', stepId = `${key}#1`): Bare => ({
  type: 'step-started',
  stepId,
  nodeKey: key,
  nodeType,
  round: 1,
  attempt: 1,
  effect: 'keyed',
  input: {},
});
const finish = (key: string, more: object = {}): Bare => ({ type: 'step-finished', stepId: `${key}#1`, output: 'secret', port: null, ...more }) as Bare;

const task = { title: 'Reply', decisions: ['approve', 'reject'].map((id) => ({ id, title: id })), fields: [], context: [] };
const review = (id: string, reviewId: string): Bare => ({ type: 'step-waiting', stepId: 'check#1', wait: { kind: 'review', id, reviewId, task } });
const ended = (waitId: string, by: 'decision' | 'timer', value: unknown, stepId = 'check#1'): Bare =>
  ({ type: 'wait-ended', stepId, waitId, by, value, actor: { kind: 'user', id: 'ada' } }) as Bare;

it('A decided review says who decided, after how long, and whether the draft or the proposal was changed.', () => {
  const output = { decision: 'reject', values: {}, changes: [{ field: 'reply', before: 'secret', after: 'other' }] };
  const facts = factsOf(
    start('check', 'human-review'),
    review('w1', 'rev'),
    ended('w1', 'timer', null),
    review('w2', 'rev'),
    ended('w2', 'decision', { decision: 'reject', reviewer: 'Mira' }),
    finish('check', { output, port: 'reject' }),
  );
  expect(facts).toEqual({
    ...NO_FACTS,
    reviewsOpened: 1,
    reviewsDecided: 1,
    reviewsChanged: 1,
    asked: 1,
    overrides: 1,
    peopleMs: 2_000,
    reviews: [{ nodeKey: 'check', by: 'Mira', ms: 4_000, changed: true, overrides: true }],
  });
});

it('The proposed decision overrides nothing, and a decision too large for the journal counts neither as changed nor as unchanged.', () => {
  const [blob, preview] = ['0'.repeat(64), '{"decision"'];
  const facts = factsOf(
    start('check', 'human-review'),
    review('w1', 'rev'),
    ended('w1', 'decision', { $blob: blob, bytes: 70_000, preview }),
    finish('check', { output: { $blob: blob, bytes: 70_000, preview }, port: 'approve' }),
  );
  expect(facts).toMatchObject({ reviewsDecided: 1, reviewsChanged: 0, asked: 1, overrides: 0 });
  expect(facts.reviews).toEqual([{ nodeKey: 'check', by: 'ada', ms: 2_000, overrides: false }]);
});

it('A person who passes a budget overrides it, one who rejects the call does not.', () => {
  const asks = { budgetId: 'b', revision: 1, hardMicros: 1, callId: 'c' };
  const wait = (id: string): Bare => ({
    type: 'step-waiting',
    stepId: 'draft#1',
    wait: { kind: 'budget', id, reviewId: `rev-${id}`, task, asks, allowed: [] },
  });
  const decided = (id: string, decision: string) => ended(id, 'decision', { decision }, 'draft#1');
  const facts = factsOf(
    start('draft'),
    wait('w1'),
    decided('w1', 'allow_once'),
    wait('w2'),
    decided('w2', 'refuse'),
    wait('w3'),
    ended('w3', 'timer', null, 'draft#1'),
  );
  expect(facts).toMatchObject({ reviewsOpened: 3, reviewsDecided: 0, asked: 2, overrides: 1, peopleMs: 3_000 });
});

const attempt = (model: string, costMicros: number, failed = false): CallAttempt => ({
  connection: 'Main',
  model,
  latencyMs: 5,
  costMicros,
  ...(failed && { error: { code: 'provider-timeout', message: 'secret' } }),
});
const call = (model: string, attempts: CallAttempt[], more: Partial<ModelCallRecord> = {}, stepId = 'draft#1'): Bare => ({
  type: 'call-finished',
  stepId,
  callId: `${stepId}/${model}`,
  name: 'model',
  result: 'secret',
  record: {
    kind: 'model',
    route: 'fast',
    connection: 'Main',
    provider: 'openai',
    model,
    demo: false,
    request: {},
    answer: 'secret',
    finishReason: 'stop',
    usage: { inputTokens: 1, outputTokens: 1 },
    costMicros: attempts.reduce((sum, { costMicros }) => sum + (costMicros ?? 0), 0),
    latencyMs: 5,
    attempts,
    ...more,
  },
});

it('Model calls are counted by the target that served them. A fallback is an exception path of its node.', () => {
  const facts = factsOf(
    start('draft'),
    call('small', [attempt('small', 2, true), attempt('small', 3)]),
    call('large', [attempt('small', 2, true), attempt('large', 40)]),
    call('large', [attempt('large', 50)], { cached: true }),
  );
  expect(facts).toMatchObject({
    fallbackServed: 1,
    served: [
      { target: 'Main/small', calls: 1, fallbacks: 0, costMicros: 5 },
      { target: 'Main/large', calls: 1, fallbacks: 1, costMicros: 42 },
    ],
    exceptions: [{ nodeKey: 'draft', port: 'fallback', count: 1, code: 'provider-timeout' }],
  });
});

it('A retry is no fallback, by whatever name the model calls itself.', () => {
  const facts = factsOf(start('draft'), call('small-2026-05-01', [attempt('small', 2, true), attempt('small', 3)]));
  expect(facts).toMatchObject({ fallbackServed: 0, served: [{ target: 'Main/small-2026-05-01', calls: 1, fallbacks: 0 }], exceptions: [] });
});

it('Error branches, fallback values, loop limits, and unsure answers are exception paths, other branches are not.', () => {
  const error = { code: 'node-failed', message: 'secret' } as const;
  const failed = (key: string, handled: boolean): Bare => ({ type: 'step-failed', stepId: `${key}#1`, error, handled, attempt: 1 });
  const facts = factsOf(
    ...['a', 'b', 'c', 'd', 'e', 'f'].map((key) => start(key)),
    failed('a', true),
    failed('b', false),
    finish('c', { recovered: error }),
    finish('d', { port: 'unsure' }),
    finish('e', { port: 'billing' }),
    { type: 'loop-exceeded', edgeId: 'x', sourceStepId: 'f#1', error: { code: 'loop-limit', message: 'secret' } },
  );
  expect(facts.exceptions).toEqual([
    { nodeKey: 'a', port: 'error', count: 1, code: 'node-failed' },
    { nodeKey: 'c', port: 'recovery', count: 1, code: 'node-failed' },
    { nodeKey: 'd', port: 'unsure', count: 1 },
    { nodeKey: 'f', port: 'error', count: 1, code: 'loop-limit' },
  ]);
  expect(JSON.stringify(facts)).not.toContain('secret');
});

it('Lists are bounded, counts are not, and a run without facts stores none.', () => {
  const keys = Array.from({ length: 60 }, (_, index) => `n${index}`);
  const facts = factsOf(...keys.flatMap((key) => [start(key), call(key, [attempt(key, 1)], {}, `${key}#1`), finish(key, { port: 'none' })]));
  expect([facts.exceptions.length, facts.served.length]).toEqual([40, 20]);
  expect(readFacts(packFacts(facts))).toEqual(facts);
  expect([packFacts(factsOf(start('a'), finish('a'))), readFacts(undefined), readFacts(null)]).toEqual([undefined, NO_FACTS, NO_FACTS]);
});
