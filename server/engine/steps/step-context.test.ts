import type { ChatRequest } from '@switchyard/shared/model/chat.ts';
import { expect, it } from 'vitest';
import type { JournalWriter } from '../journal-writer.ts';
import type { EnginePorts } from '../ports.ts';
import { createCancellation } from './cancellation.ts';
import type { StepContextOptions } from './durable-calls.ts';
import { createStepContext } from './step-context.ts';

const request: ChatRequest = { route: 'fast', messages: [] };
const answer = { text: 'fine', model: 'm', route: 'fast', demo: true, finishReason: 'stop', usage: { inputTokens: 1, outputTokens: 1 }, costMicros: 0 };
type ChatOptions = Parameters<EnginePorts['chat']>[1];

/** The context of a step whose journal the test controls. */
function stepWith(chat: (options: ChatOptions) => Promise<unknown>, more: object = {}) {
  const seen: string[] = [];
  const commits: PromiseWithResolvers<void>[] = [];
  const later: (() => void)[] = [];
  const alongside: Promise<unknown>[] = [];
  const writer: JournalWriter = {
    record: ({ type }) => void seen.push(type),
    commit: () => {
      seen.push('commit');
      const commit = Promise.withResolvers<void>();
      commits.push(commit);
      return commit.promise;
    },
    alongside: (work) => void alongside.push(work),
    idle: () => false,
    mayGrow: () => false,
    inserted: () => true,
  };
  const ports = {
    elapsed: () => 0,
    after: (_ms: number, fire: () => void) => later.push(fire),
    ownership: { holds: () => true },
    isReference: () => false,
    offload: async (_run: unknown, value: unknown) => value,
    chat: (_request: ChatRequest, options: ChatOptions) => chat(options),
    code: async () => ({ outcome: { output: 7 }, record: undefined }),
    documents: { readText: async () => ({ text: 'Ada', truncated: false }) },
    redact: async (_run: unknown, { truncated }: { truncated: boolean }) => ({ value: { text: '[name]', truncated }, found: {} }),
  };
  const options = {
    ports,
    run: { runId: 'run_1', trigger: { kind: 'canvas' } },
    node: { key: 'ask', policy: {} },
    task: { stepId: 'ask#1', cancellation: createCancellation(), live: true },
    writer,
    step: () => ({ id: 'ask#1', calls: [], attempts: [] }),
    prompts: () => [],
    faults: () => [],
    round: 1,
    attempt: 1,
    ...more,
  };
  return { context: createStepContext(options as unknown as StepContextOptions), seen, commits, later, alongside };
}

it('prepares a model call while its start is recorded, and leaves it to the call to wait', async () => {
  const { context, seen, commits } = stepWith(async ({ recorded }) => {
    seen.push('prepared');
    await recorded;
    seen.push('sent');
    return { answer, record: undefined };
  });
  const answered = context.chat(request);
  expect(seen).toEqual(['call-started', 'commit', 'prepared']);
  commits[0]?.resolve();
  await answered;
  expect(seen).toEqual(['call-started', 'commit', 'prepared', 'sent', 'call-finished']);
});

it('records the result of a call with what the step records next, or soon after', async () => {
  const { context, seen, commits, later } = stepWith(async () => ({ answer, record: undefined }));
  const answered = context.chat(request);
  commits[0]?.resolve();
  await answered;
  expect(seen.filter((what) => what === 'commit')).toHaveLength(1);
  for (const fire of later) fire();
  expect(seen.filter((what) => what === 'commit')).toHaveLength(2);
});

it('hands the settlement of a model call to the journal', async () => {
  const work = Promise.resolve();
  const { context, commits, alongside } = stepWith(async ({ onSettling }) => {
    onSettling(work);
    return { answer, record: undefined };
  });
  const answered = context.chat(request);
  commits[0]?.resolve();
  await answered;
  expect(alongside).toEqual([work]);
});

it('starts any other sub-step only once its start is on disk', async () => {
  const { context, seen, commits } = stepWith(async () => undefined);
  const performed = context.step('look', async () => void seen.push('performed'));
  await Promise.resolve();
  expect(seen).toEqual(['call-started', 'commit']);
  commits[0]?.resolve();
  await performed;
  expect(seen).toEqual(['call-started', 'commit', 'performed', 'call-finished']);
});

const CODE = { plan: { helpers: undefined }, scope: () => ({ data: {} }) };

it('runs user code before its start is on disk, because repeating it does no harm', async () => {
  const { context, seen } = stepWith(async () => undefined, CODE);
  expect(await context.code('return 7;', { timeoutMs: 1 })).toBe(7);
  expect(seen).toEqual(['call-started', 'call-finished']);
});

it('runs user code again after its result is recorded, and records nothing more', async () => {
  const calls = [{ id: 'ask#1/code:1', status: 'succeeded', result: null }];
  const { context, seen } = stepWith(async () => undefined, { ...CODE, step: () => ({ id: 'ask#1', calls, attempts: [] }) });
  expect(await context.code('return 7;', { timeoutMs: 1 })).toBe(7);
  expect(seen).toEqual([]);
});

it('reads a document again after that is recorded, and redacts what enters the run', async () => {
  const { context, seen } = stepWith(async () => undefined, { run: { runId: 'run_1', policy: 1 } });
  expect(await context.documents.readText(new Uint8Array())).toEqual({ text: '[name]', truncated: false });
  expect(seen).toEqual(['call-started', 'call-finished']);
  const calls = [{ id: 'ask#1/step:read%20text:1', status: 'succeeded', result: null }];
  const repeated = stepWith(async () => undefined, { step: () => ({ id: 'ask#1', calls, attempts: [] }) });
  expect(await repeated.context.documents.readText(new Uint8Array())).toEqual({ text: 'Ada', truncated: false });
  expect(repeated.seen).toEqual([]);
});
