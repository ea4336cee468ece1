import { isPlainObject } from '@switchyard/shared/json.ts';
import { textOf } from '@switchyard/shared/model/chat.ts';
import type OpenAI from 'openai';
import { readModelResponses, type ToEvents } from './model-response.ts';
import { type Quirk, sentIn, toOpenAiRequest } from './openai-request.ts';
import { type ModelProvider, type ProviderAnswer, type ProviderRequest, withReasoning } from './provider.ts';
import { cutOff, declined, type ProviderPlace, toProviderError } from './provider-errors.ts';
import { createQuirkMemory, rejectedParameter } from './quirks.ts';
import { createReasoningSplitter } from './reasoning.ts';
import { SDK_TIMEOUT_MS } from './sdk-timeout.ts';
import { createToolCalls } from './tool-calls.ts';

export interface OpenAiOptions {
  readonly kind: 'openai' | 'openai-compatible';
  readonly apiKey: string | undefined;
  /** OpenAI’s own if not given. */
  readonly baseUrl: string | undefined;
  /** The guarded `fetch` of the egress. */
  readonly fetch: typeof fetch;
}

const OPENAI = 'https://api.openai.com/v1';

/** An estimate for servers that report no usage: four characters per token. */
const estimated = (request: ProviderRequest, content: string) => ({
  inputTokens: Math.ceil(request.messages.map(textOf).join('\n').length / 4),
  outputTokens: Math.ceil(content.length / 4),
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
  readonly refusal?: string | null;
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
  request: ProviderRequest,
  place: ProviderPlace,
  onDelta: (text: string) => void,
): Promise<ProviderAnswer> {
  const splitter = createReasoningSplitter();
  const tools = createToolCalls();
  let separate = '';
  let refusal = '';
  let model = request.model;
  let finishReason: string | null = null;
  let usage: OpenAI.CompletionUsage | null | undefined;
  for await (const chunk of stream) {
    model = chunk.model || model;
    usage = chunk.usage ?? usage;
    const choice = chunk.choices?.[0];
    const delta = choice?.delta as LooseDelta | undefined;
    finishReason = choice?.finish_reason ?? finishReason;
    refusal += delta?.refusal ?? '';
    tools.add(delta?.tool_calls);
    const { text, reasoning } = partsOf(delta?.content);
    separate += reasoning + asString(delta?.reasoning_content ?? delta?.reasoning);
    const shown = splitter.feed(text);
    if (shown !== '') onDelta(shown);
  }
  if (finishReason === null) throw cutOff(place);
  if (refusal !== '') throw declined(request.model, refusal);
  if (finishReason === 'content_filter') throw declined(request.model, 'content filter');
  const { answer, reasoning } = splitter.end();
  return {
    content: answer,
    ...tools.end(),
    ...withReasoning(separate + reasoning),
    model,
    finishReason,
    usage: usage ? { inputTokens: usage.prompt_tokens, outputTokens: usage.completion_tokens } : estimated(request, answer + separate + reasoning),
  };
}

/** Speaks OpenAI’s chat completions with OpenAI or any compatible server. Loads the SDK with the first call. */
export function createOpenAiProvider(options: OpenAiOptions): ModelProvider {
  const baseURL = options.baseUrl ?? OPENAI;
  const host = new URL(baseURL).host;
  const quirks = createQuirkMemory<Quirk>();
  let client: Promise<OpenAI> | undefined;
  const connect = (): Promise<OpenAI> => {
    client ??= import('openai').then(({ default: Client }) => {
      const fetch = readModelResponses(options.fetch, host, toEvents);
      // Organization and project are null because the SDK would otherwise send those of the environment to any server.
      return new Client({
        apiKey: options.apiKey || 'none',
        baseURL,
        fetch,
        organization: null,
        project: null,
        maxRetries: 0,
        timeout: SDK_TIMEOUT_MS,
        logLevel: 'off',
      });
    });
    return client;
  };

  const ask = async (request: ProviderRequest, signal: AbortSignal, onDelta: (text: string) => void): Promise<ProviderAnswer> => {
    const place = { host, model: request.model, secret: options.apiKey };
    const known = quirks.of(request.model);
    const params = toOpenAiRequest(request, options.kind === 'openai', known);
    try {
      const stream = await (await connect()).chat.completions.create(params, { signal });
      const answer = await readStream(stream, request, place, onDelta);
      signal.throwIfAborted();
      return { ...answer, ...(known.size > 0 && { adjusted: [...known] }) };
    } catch (thrown) {
      // The SDKs end an aborted stream silently.
      if (signal.aborted) throw signal.reason;
      const error = toProviderError(thrown, place);
      const rejected = rejectedParameter(error, sentIn(params), known);
      if (rejected === undefined) throw error;
      quirks.add(request.model, rejected);
      return ask(request, signal, onDelta);
    }
  };

  return {
    chat: ask,
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
