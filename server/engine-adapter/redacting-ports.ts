import type { HttpRequest, NewFile } from '@switchyard/nodes/sdk/context.ts';
import { AppError, isAppError } from '@switchyard/shared/errors.ts';
import { fileTypeOf } from '@switchyard/shared/files/file-type.ts';
import { isPlainObject } from '@switchyard/shared/json.ts';
import type { CallAttempt, ModelCallRecord } from '@switchyard/shared/run/events.ts';
import { removedModelCall } from '@switchyard/shared/run/removed.ts';
import type { CallPlace, EnginePorts } from '../engine/ports.ts';
import { compileRules } from '../redaction/rules.ts';
import { refuseText } from '../services/policies/enter-files.ts';
import type { PolicyLibrary } from '../services/policies/policy-library.ts';
import type { RunRedactor } from '../services/policies/run-redactor.ts';
import { restoreTokens } from '../services/policies/token-vault.ts';
import type { Store } from '../store/port.ts';
import type { SendRaw } from './file-ports.ts';

/*
 * Redacts what enters a run from outside: model and HTTP responses, streamed text, and errors (S65). A run without a data policy passes
 * through unchanged.
 */

type CallPorts = Pick<EnginePorts, 'chat'> & { readonly http: SendRaw };

interface World {
  readonly store: Store;
  readonly policies: PolicyLibrary;
}

type ChatCall = Parameters<EnginePorts['chat']>;
type HttpCall = Parameters<SendRaw>;

/** The same calls for runs with a data policy. */
export function redactingPorts(world: World, calls: CallPorts): CallPorts & Pick<EnginePorts, 'redact' | 'restore'> {
  const redactorFor = async (workspaceId: string, { runId, workflowId, policy: hash }: Pick<CallPlace, 'runId' | 'workflowId' | 'policy'>) => {
    const store = world.store.in(workspaceId);
    const policy = hash === undefined ? undefined : await world.policies.byHash(store, hash);
    if (policy?.rules.isEmpty) return undefined;
    return policy && { policy, redactor: world.policies.redactor(store, policy.rules, { runId, workflowId, workspaceId }) };
  };
  return {
    redact: async (run, value, rules) => {
      const redactor = rules
        ? world.policies.redactor(world.store.in(run.workspaceId), compileRules(rules), run)
        : (await redactorFor(run.workspaceId, run))?.redactor;
      return redactor ? redactor.counted(value) : { value, found: {} };
    },
    restore: (run, value) => restoreTokens(world.store.in(run.workspaceId), world.policies.secrets, run.runId, value),
    chat: async (...[request, options]: ChatCall) => {
      const found = await redactorFor(options.workspaceId, options.place);
      if (!found) return calls.chat(request, options);
      const { redactor, policy } = found;
      // A field that the policy names can’t be recognized in JSON that is still arriving.
      const streams = !(request.schema && policy.rules.hasFields);
      const stream = streams ? streamTo(redactor, options.onDelta) : undefined;
      const onRestart = (): void => {
        stream?.restart();
        options.onRestart();
      };
      return redactedChat(redactor, stream, options, (more) => calls.chat(request, { ...options, ...more, onRestart }));
    },
    http: async (...[request, options]: HttpCall) => {
      const found = await redactorFor(options.workspaceId, options.place);
      if (!found) return calls.http(request, options);
      const { redactor } = found;
      const sent = request.restore ? await restored(world, options, request) : request;
      const { answer, record } = await throwingRedacted(redactor, () => calls.http(sent, options));
      const { headers, text, content } = answer;
      return {
        answer: {
          ...answer,
          headers: await redactor.value(headers),
          text: await redactor.value(text),
          ...(content && { content: await enteringFile(redactor, content) }),
        },
        record: { ...record, url: sent === request ? record.url : withoutUser(request.url) },
      };
    },
  };
}

/** A file as it may enter the run: of its content, only what is refused matters. */
async function enteringFile(redactor: RunRedactor, { name, content }: NewFile): Promise<NewFile> {
  await refuseText(redactor, { name, content, type: fileTypeOf(content, name) });
  return { name: await redactor.value(name), content };
}

interface DeltaStream {
  push(text: string): void;
  /** Drops the text so far. */
  restart(): void;
  end(): void;
}

/** Passes on streamed text without values. Once one is refused, nothing more: the call fails at its end. */
function streamTo(redactor: RunRedactor, tell: (text: string) => void): DeltaStream {
  let stream = redactor.stream();
  let isRefused = false;
  const pass = (next: () => string): void => {
    if (isRefused) return;
    try {
      const text = next();
      if (text !== '') tell(text);
    } catch (thrown) {
      if (!isAppError(thrown, 'redaction-refused')) throw thrown;
      isRefused = true;
    }
  };
  const restart = (): void => {
    stream = redactor.stream();
    isRefused = false;
  };
  return { push: (text) => pass(() => stream.push(text)), restart, end: () => pass(() => stream.end()) };
}

async function redactedChat(
  redactor: RunRedactor,
  stream: DeltaStream | undefined,
  { onFailed }: Pick<ChatCall[1], 'onFailed'>,
  chat: (more: Pick<ChatCall[1], 'onDelta' | 'onFailed'>) => ReturnType<EnginePorts['chat']>,
): ReturnType<EnginePorts['chat']> {
  let failed: ModelCallRecord | undefined;
  const call = () =>
    chat({
      onDelta: (text) => stream?.push(text),
      onFailed: (record) => {
        failed = record;
      },
    });
  const { answer, record } = await throwingRedacted(redactor, call).catch(async (thrown: unknown) => {
    if (failed) onFailed(await redactedOrRemoved(redactor, failed));
    throw thrown;
  });
  stream?.end();
  try {
    const { value, toolCalls } = await redactor.value({ value: answer.value, toolCalls: answer.toolCalls });
    const text = await redactor.value(answer.text);
    return {
      answer: { ...answer, text, model: await redactor.value(answer.model), ...('value' in answer && { value }), ...(toolCalls && { toolCalls }) },
      record: await redactedRecord(redactor, record),
    };
  } catch (thrown) {
    if (!isAppError(thrown, 'redaction-refused')) throw thrown;
    // The call was made and costs what it costs.
    const { usage, costMicros } = answer;
    throw new AppError('redaction-refused', thrown.message, { details: { ...thrown.details, usage, costMicros } });
  }
}

/** If a record has a value that the policy rejects, only its figures remain. */
async function redactedOrRemoved(redactor: RunRedactor, record: ModelCallRecord): Promise<ModelCallRecord> {
  try {
    return await redactedRecord(redactor, record);
  } catch (thrown) {
    if (!isAppError(thrown, 'redaction-refused')) throw thrown;
    return removedModelCall(record);
  }
}

/** Redacts what models wrote in a record. The request was redacted before, except for the answer that a repair sends back. */
async function redactedRecord(redactor: RunRedactor, record: ModelCallRecord): Promise<ModelCallRecord> {
  const attempts = await Promise.all(record.attempts.map((attempt) => redactedAttempt(redactor, attempt)));
  const isRepaired = record.attempts.some(({ error }) => error?.code === 'bad-answer');
  return {
    ...record,
    ...(isRepaired && { request: await withRedactedMessages(redactor, record.request) }),
    model: await redactor.value(record.model),
    answer: await redactor.value(record.answer),
    ...(record.reasoning !== undefined && { reasoning: await redactor.value(record.reasoning) }),
    attempts,
  };
}

async function redactedAttempt(redactor: RunRedactor, attempt: CallAttempt): Promise<CallAttempt> {
  const { request, answer, error } = attempt;
  return {
    ...attempt,
    ...(request !== undefined && { request: await withRedactedMessages(redactor, request) }),
    ...(answer !== undefined && { answer: await redactor.value(answer) }),
    ...(error && { error: { ...error, message: await redactor.value(error.message) } }),
  };
}

const withRedactedMessages = async (redactor: RunRedactor, request: unknown): Promise<unknown> =>
  isPlainObject(request) && 'messages' in request ? { ...request, messages: await redactor.value(request.messages) } : request;

async function throwingRedacted<T>(redactor: RunRedactor, call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (thrown) {
    throw await redactor.error(thrown);
  }
}

/** The request with real values instead of the run's tokens. Each part keeps its encoding. */
async function restored({ store, policies }: World, { workspaceId, place }: HttpCall[1], request: HttpRequest): Promise<HttpRequest> {
  const restore = <T>(value: T): Promise<T> => restoreTokens(store.in(workspaceId), policies.secrets, place.runId, value);
  const { body, parts } = request;
  return {
    ...request,
    ...(parts && { parts: await restore(parts) }),
    url: await restoreEncoded(restore, request.url),
    headers: await restore(request.headers),
    ...(body !== undefined && { body: await restoreBody(restore, body, request.headers['content-type'] ?? '') }),
  };
}

type Restore = <T>(value: T) => Promise<T>;

async function restoreBody(restore: Restore, body: string, type: string): Promise<string> {
  if (type.startsWith('application/json')) return JSON.stringify(await restore(JSON.parse(body) as unknown));
  return type.startsWith('application/x-www-form-urlencoded') ? restoreEncoded(restore, body) : restore(body);
}

/** Brackets and colons are percent-encoded within URLs and forms. */
async function restoreEncoded(restore: Restore, text: string): Promise<string> {
  const tokens = new Set(text.match(/(?:%5B|\[)[a-z][a-z0-9-]*(?:%3A|:)[a-z]+(?:%5D|\])/gi));
  let result = text;
  for (const token of tokens) {
    const value: unknown = await restore(decodeURIComponent(token));
    result = result.replaceAll(token, encodeURIComponent(isPlainObject(value) || Array.isArray(value) ? JSON.stringify(value) : String(value)));
  }
  return result;
}

const withoutUser = (url: string): string => url.replace(/^([a-z]+:\/\/)[^/?#]*@/i, '$1');
