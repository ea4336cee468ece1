import { isPlainObject } from '@switchyard/shared/json.ts';
import { textOf } from '@switchyard/shared/model/chat.ts';
import type { Usage } from '@switchyard/shared/run/events.ts';
import { usageFrom } from '@switchyard/shared/run/usage.ts';
import type OpenAI from 'openai';
import { createStreamedText } from '../../streamed-text.ts';
import { type ModelProvider, type OnSent, type ProviderAnswer, type ProviderRequest, tracedBy, withReasoning } from '../provider.ts';
import { createQuirkMemory, rejectedParameter } from '../quirks.ts';
import { readModelResponses, type ToEvents, tokenCount } from './model-response.ts';
import { adaptedRequest, limitName, type Quirk, sentIn, toOpenAiRequest } from './openai-request.ts';
import { cutOff, declined, emptyStream, notAnAnswer, type ProviderPlace, toProviderError } from './provider-errors.ts';
import { createReasoningSplitter } from './reasoning.ts';
import { reportedFinish, reportedModel } from './reported.ts';
import { SDK_TIMEOUT_MS } from './sdk-timeout.ts';
import { createToolCalls } from './tool-calls.ts';

export interface OpenAiOptions {
  readonly kind: 'openai' | 'azure-openai' | 'openai-compatible';
  readonly apiKey: string | undefined;
  /** OpenAI’s own if not given. */
  readonly baseUrl: string | undefined;
  /** Of `azure-openai`. */
  readonly apiVersion?: string;
  /** The guarded `fetch` of the egress. */
  readonly fetch: typeof fetch;
}

const OPENAI = 'https://api.openai.com/v1';

/** An estimate for servers that report no usage: four characters per token. */
const estimated = (request: ProviderRequest, characters: number): Usage => ({
  inputTokens: Math.ceil(request.messages.map(textOf).join('\n').length / 4),
  outputTokens: Math.ceil(characters / 4),
});

/** Converts a complete answer to the single chunk of a stream. */
const toEvents: ToEvents = ({ choices, ...answer }) => {
  const choice: unknown = Array.isArray(choices) ? choices[0] : undefined;
  if (!isPlainObject(choice) || !isPlainObject(choice.message)) return undefined;
  const { message, ...rest } = choice;
  return [{ data: { ...answer, choices: [{ ...rest, finish_reason: rest.finish_reason ?? 'stop', delta: message }] } }];
};

/** What servers send beyond the SDK's types: text as a list of parts, and reasoning in its own fields. */
interface LooseDelta {
  readonly content?: unknown;
  readonly refusal?: unknown;
  readonly reasoning_content?: unknown;
  readonly reasoning?: unknown;
  readonly tool_calls?: unknown;
}

/** The text of `content`, which may be a string or a list of parts; parts of type `thinking` or `reasoning` are reasoning. */
function partsOf(content: unknown): { text: string; reasoning: string } {
  if (typeof content === 'string') return { text: content, reasoning: '' };
  const parts = Array.isArray(content) ? content.filter(isPlainObject) : [];
  const joined = (wanted: boolean): string =>
    parts
      .filter(({ type }) => (type === 'thinking' || type === 'reasoning') === wanted)
      .map(textInPart)
      .join('');
  return { text: joined(false), reasoning: joined(true) };
}

function textInPart({ text, thinking, reasoning }: Record<string, unknown>): string {
  const value = text ?? thinking ?? reasoning;
  return typeof value === 'string' ? value : partsOf(value).text;
}

const asString = (value: unknown): string => (typeof value === 'string' ? value : '');

async function readStream(
  stream: AsyncIterable<OpenAI.ChatCompletionChunk>,
  { request, place, insiders }: Pick<Reading, 'request' | 'place' | 'insiders'>,
  { onDelta, onLost }: Listener,
): Promise<ProviderAnswer> {
  let characters = 0;
  let usage: unknown;
  const heard = (chunk: OpenAI.ChatCompletionChunk): void => {
    usage = chunk.usage ?? usage;
    const { text, reasoning } = partsOf((chunk.choices?.[0]?.delta as LooseDelta | undefined)?.content);
    characters += text.length + reasoning.length;
  };
  try {
    return await readAnswer(stream, { request, place, insiders, heard, onDelta });
  } catch (thrown) {
    onLost(usageOf(usage, estimated(request, characters)));
    throw thrown;
  }
}

/** Receives a response as it arrives. */
interface Listener {
  onDelta(text: string): void;
  onLost(usage: Usage): void;
  readonly onSent: OnSent;
  readonly traceparent: string | undefined;
}

/** The usage that a server reports. Counts that are missing or not numbers come from the estimate. */
function usageOf(reported: unknown, estimate: Usage): Usage {
  const { prompt_tokens, completion_tokens, prompt_tokens_details, completion_tokens_details } = isPlainObject(reported) ? reported : {};
  return usageFrom({
    inputTokens: tokenCount(prompt_tokens) ?? estimate.inputTokens,
    outputTokens: tokenCount(completion_tokens) ?? estimate.outputTokens,
    cachedInputTokens: countIn(prompt_tokens_details, 'cached_tokens'),
    reasoningTokens: countIn(completion_tokens_details, 'reasoning_tokens'),
  });
}

const countIn = (details: unknown, name: string): number => (isPlainObject(details) ? (tokenCount(details[name]) ?? 0) : 0);

/** Why a model declined. Some servers send an object. */
function refusalIn(value: unknown): string {
  if (!isPlainObject(value)) return asString(value);
  return asString(value.message) || asString(value.reason) || JSON.stringify(value).slice(0, 500);
}

interface Reading extends Pick<Listener, 'onDelta'> {
  readonly request: ProviderRequest;
  /** Models whose output began inside their reasoning. */
  readonly insiders: Set<string>;
  readonly place: ProviderPlace;
  heard(chunk: OpenAI.ChatCompletionChunk): void;
}

async function readAnswer(stream: AsyncIterable<OpenAI.ChatCompletionChunk>, { request, place, insiders, heard, onDelta }: Reading): Promise<ProviderAnswer> {
  const splitter = createReasoningSplitter({ beginsInside: insiders.has(request.model) });
  const tools = createToolCalls();
  const separate = createStreamedText();
  let refusal = '';
  let model: unknown;
  let finishReason: unknown = null;
  let usage: unknown;
  let isAnswer = false;
  let isEmpty = true;
  for await (const chunk of stream) {
    isEmpty = false;
    if (!isPlainObject(chunk)) continue;
    heard(chunk);
    model = chunk.model || model;
    usage = chunk.usage ?? usage;
    const choice = chunk.choices?.[0];
    isAnswer ||= isPlainObject(choice);
    const delta = choice?.delta as LooseDelta | undefined;
    finishReason = choice?.finish_reason ?? finishReason;
    refusal += refusalIn(delta?.refusal);
    tools.add(delta?.tool_calls);
    const { text, reasoning } = partsOf(delta?.content);
    separate.add(reasoning + asString(delta?.reasoning_content ?? delta?.reasoning));
    const shown = splitter.feed(text);
    if (shown !== '') onDelta(shown);
  }
  if (isEmpty) throw emptyStream(place);
  if (finishReason === null) throw isAnswer ? cutOff(place) : notAnAnswer(place);
  if (refusal !== '') throw declined(request.model, refusal);
  if (finishReason === 'content_filter') throw declined(request.model, 'content filter');
  const { answer, reasoning, held, beganInside } = splitter.end();
  if (held !== '') onDelta(held);
  if (beganInside) insiders.add(request.model);
  return {
    content: answer,
    ...tools.end(),
    ...withReasoning(separate.text() + reasoning),
    model: reportedModel(model, request.model),
    finishReason: reportedFinish(finishReason),
    usage: usageOf(usage, estimated(request, answer.length + separate.length + reasoning.length)),
  };
}

function baseUrlOf({ kind, baseUrl = OPENAI }: OpenAiOptions): string {
  if (kind !== 'azure-openai') return baseUrl;
  return `${baseUrl.replace(/(\/openai)?\/?$/, '')}/openai`;
}

/** Speaks OpenAI’s chat completions with OpenAI or any compatible server. Loads the SDK with the first call. */
export function createOpenAiProvider(options: OpenAiOptions): ModelProvider {
  const baseURL = baseUrlOf(options);
  const host = new URL(baseURL).host;
  const quirks = createQuirkMemory<Quirk>();
  const insiders = new Set<string>();
  let client: Promise<OpenAI> | undefined;
  const connect = (): Promise<OpenAI> => {
    client ??= import('openai').then(({ default: Client, AzureOpenAI }) => {
      const fetch = readModelResponses(options.fetch, { host, secret: options.apiKey }, toEvents);
      // Organization and project are null because the SDK would otherwise send those of the environment to any server.
      const common = {
        apiKey: options.apiKey || 'none',
        baseURL,
        fetch,
        organization: null,
        project: null,
        maxRetries: 0,
        timeout: SDK_TIMEOUT_MS,
        logLevel: 'off' as const,
      };
      // A model is a deployment: it is part of the URL.
      return options.kind === 'azure-openai' ? new AzureOpenAI({ ...common, apiVersion: options.apiVersion }) : new Client(common);
    });
    return client;
  };

  const ask = (request: ProviderRequest, signal: AbortSignal, listener: Listener): Promise<ProviderAnswer> => {
    const place = { host, model: request.model, secret: options.apiKey };
    const adapted = (known: ReadonlySet<Quirk>) => adaptedRequest(request, known);
    const paramsOf = (known: ReadonlySet<Quirk>) => toOpenAiRequest(adapted(known), limitName(options.kind !== 'openai-compatible', known), known);
    const send = async (known: ReadonlySet<Quirk>): Promise<ProviderAnswer> => {
      const completions = (await connect()).chat.completions;
      listener.onSent(adapted(known));
      const stream = await completions.create(paramsOf(known), { signal, ...tracedBy(listener) });
      const answer = await readStream(stream, { request, place, insiders }, listener);
      signal.throwIfAborted();
      return answer;
    };
    const rejected = (thrown: unknown, known: ReadonlySet<Quirk>) =>
      signal.aborted ? undefined : rejectedParameter(thrown, { request, sent: sentIn(paramsOf(known)), quirks: known });
    return quirks.ask(request.model, send, rejected).catch((thrown: unknown) => {
      // The SDKs end an aborted stream silently.
      throw signal.aborted ? signal.reason : toProviderError(thrown, place);
    });
  };

  return {
    chat: (request, signal, onDelta, onLost = () => {}, onSent = () => {}, traceparent?: string) =>
      ask(request, signal, { onDelta, onLost, onSent, traceparent }),
    async listModels(signal) {
      try {
        const page = await (await connect()).models.list({ signal });
        return page.data.map(({ id }) => id);
      } catch (thrown) {
        if (signal.aborted) throw signal.reason;
        throw toProviderError(thrown, { host, model: '', secret: options.apiKey });
      }
    },
  };
}
