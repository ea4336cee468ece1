import { AppError } from '@switchyard/shared/errors.ts';
import { compileCel } from '@switchyard/shared/expression/cel.ts';
import { createScope } from '@switchyard/shared/expression/create-scope.ts';
import type { ScopeData } from '@switchyard/shared/expression/scope.ts';
import { FileHandle } from '@switchyard/shared/files/file-handle.ts';
import { cleanFileName, fileTypeOf } from '@switchyard/shared/files/file-type.ts';
import { validateJson } from '@switchyard/shared/json-schema/validate.ts';
import type { ChatAnswer, ChatRequest } from '@switchyard/shared/model/chat.ts';
import type { PromptContent } from '@switchyard/shared/model/prompt.ts';
import { promptRefText, type ResolvedPrompt } from '@switchyard/shared/model/prompt-ref.ts';
import { applyStateChange, type StoredValue } from '@switchyard/shared/run/state-change.ts';
import type { ChildRun, HttpAnswer, HttpRequest, NodeContext } from './context.ts';

/** A test's world for a node. Omitted values are empty, and a model call or request without a given response fails. */
export interface TestWorld {
  readonly scope?: Partial<ScopeData>;
  /** The request's body, also `input` in expressions unless the scope says otherwise. */
  readonly body?: unknown;
  readonly now?: string;
  readonly signal?: AbortSignal;
  readonly labels?: Readonly<Record<string, string>>;
  readonly hasPolicy?: boolean;
  readonly prompts?: Readonly<Record<string, PromptContent>>;
  chat?(request: ChatRequest): Partial<ChatAnswer> | Promise<Partial<ChatAnswer>>;
  redact?: NodeContext['redact'];
  restore?: NodeContext['restore'];
  code?: NodeContext['code'];
  readonly documents?: Partial<NodeContext['documents']>;
  /** Stored state by key. */
  readonly state?: Readonly<Record<string, unknown>>;
  rows?: NodeContext['rows'];
  database?: NodeContext['database'];
  authority?: NodeContext['authority'];
  /** Contents of files by ID, which `files.create` adds to. */
  readonly files?: Map<string, Uint8Array>;
  http?(request: HttpRequest): Partial<HttpAnswer> | Promise<Partial<HttpAnswer>>;
}

/** A node's context for tests. Records every call the node made. */
export interface TestContext extends NodeContext {
  readonly scope: ScopeData;
  readonly chats: readonly { readonly request: ChatRequest; readonly stream: boolean | 'watchers'; readonly files: readonly FileHandle[] }[];
  readonly requests: readonly HttpRequest[];
  readonly children: readonly ChildRun[];
  readonly pauses: readonly number[];
}

/** Settles with the answer, or with the signal's reason if it aborts first, like the engine's own calls. */
async function heeding<T>(signal: AbortSignal, answer: () => T | Promise<T>): Promise<T> {
  signal.throwIfAborted();
  const aborted = Promise.withResolvers<never>();
  const stop = (): void => aborted.reject(signal.reason);
  signal.addEventListener('abort', stop, { once: true });
  try {
    return await Promise.race([answer(), aborted.promise]);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

const ANSWER: ChatAnswer = {
  text: '',
  route: 'fast',
  model: 'test-model',
  demo: false,
  usage: { inputTokens: 1, outputTokens: 1 },
  costMicros: 0,
  finishReason: 'stop',
};

/** A file in the world of a test. */
export function testFile(contents: Map<string, Uint8Array>, name: string, content: Uint8Array | string): FileHandle {
  const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content;
  const id = `file_${contents.size + 1}`;
  contents.set(id, bytes);
  return new FileHandle({ id, name: cleanFileName(name), type: fileTypeOf(bytes, name), bytes: bytes.length });
}

const filesIn = (contents: Map<string, Uint8Array>): NodeContext['files'] => ({
  read: async ({ id, name }) => {
    const content = contents.get(id);
    if (!content) throw new AppError('file-removed', `The file “${name}” no longer exists.`);
    return content;
  },
  create: async ({ name, content }) => testFile(contents, name, content),
});

/** Values under keys that change as in a run. */
function storedState(world: TestWorld, signal: AbortSignal): NodeContext['state'] {
  const stored = new Map(Object.entries(world.state ?? {}).map(([key, value]): [string, StoredValue] => [key, { value, expiresAt: null }]));
  return ({ key, ...asked }) =>
    heeding(signal, () => {
      const before = stored.get(key);
      if (asked.operation === 'get') return { value: before?.value ?? null, found: before !== undefined, changed: false };
      const { after, result } = applyStateChange(before, key, asked);
      if (after) stored.set(key, after);
      else stored.delete(key);
      return result;
    });
}

/** Creates the context of one step. Expressions are evaluated as in a run; models and the network respond as the world says. */
export function testContext(world: TestWorld = {}): TestContext {
  const signal = world.signal ?? new AbortController().signal;
  const trigger = { kind: 'canvas' as const, body: world.body ?? null };
  const scope: ScopeData = { trigger, input: world.body ?? null, steps: {}, previous: {}, round: 1, vars: {}, run: { id: 'run_1' }, ...world.scope };
  const chats: { request: ChatRequest; stream: boolean | 'watchers'; files: readonly FileHandle[] }[] = [];
  const requests: HttpRequest[] = [];
  const children: ChildRun[] = [];
  const pauses: number[] = [];
  const unasked = (what: string) => () => Promise.reject(new Error(`The node called ${what}, but the test gives no response`));
  const chat = world.chat ?? unasked('a model');
  const http = world.http ?? unasked('the network');
  return {
    scope,
    chats,
    requests,
    children,
    pauses,
    runId: 'run_1',
    stepId: 'node#1',
    nodeKey: 'node',
    round: scope.round,
    attempt: 1,
    trigger,
    labels: world.labels ?? {},
    hasPolicy: world.hasPolicy ?? false,
    now: () => new Date(world.now ?? '2026-01-05T10:00:00.000Z'),
    evaluate: (expression) => compileCel(expression).evaluate(createScope(scope)),
    validate: validateJson,
    redact: world.redact ?? (async (value) => ({ value, found: {} })),
    restore: world.restore ?? (async (value) => value),
    step: (_name, perform) => heeding(signal, () => perform(signal)),
    async prompt(ref) {
      const content = world.prompts?.[promptRefText(ref)];
      if (!content) throw new AppError('prompt-not-found', `Prompt “${promptRefText(ref)}” not found.`);
      return { ...ref, version: ref.version ?? 1, contentHash: 'test', content } as ResolvedPrompt & { content: PromptContent };
    },
    async chat(request, options = {}) {
      chats.push({ request, stream: options.stream ?? false, files: options.files ?? [] });
      const answer = { ...ANSWER, route: request.route, ...(await heeding(signal, () => chat(request))) };
      options.accept?.(answer);
      return answer;
    },
    files: filesIn(world.files ?? new Map()),
    pause: async (ms) => {
      pauses.push(ms);
    },
    code: world.code ?? unasked('the sandbox'),
    documents: { readText: unasked('for text'), readRows: unasked('for rows'), write: unasked('for a document'), ...world.documents },
    state: storedState(world, signal),
    rows: world.rows ?? unasked('a table'),
    authority: world.authority ?? (async (group) => ({ group, share: null, position: 0, counts: false })),
    database: world.database ?? unasked('a database'),
    startRun: async (child) => {
      children.push(child);
      return { runId: `run_child_${children.length}` };
    },
    async http(request, accept) {
      requests.push(request);
      const answer = { status: 200, headers: {}, text: '', bytes: 0, ...(await heeding(signal, () => http(request))) };
      accept?.(answer);
      return answer;
    },
  };
}
