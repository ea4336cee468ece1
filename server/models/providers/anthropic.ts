import type Anthropic from '@anthropic-ai/sdk';
import { isPlainObject } from '@switchyard/shared/json.ts';
import type { Usage } from '@switchyard/shared/run/events.ts';
import { usageFrom } from '@switchyard/shared/run/usage.ts';
import { createStreamedText } from '../../streamed-text.ts';
import { parseModelJson } from '../parse-json.ts';
import { type ModelProvider, type OnSent, type ProviderAnswer, type ProviderRequest, tracedBy, withReasoning } from '../provider.ts';
import { createQuirkMemory, rejectedParameter } from '../quirks.ts';
import { adaptedRequest, isWrapped, QUIRKS, type Quirk, type Structured, toAnthropicRequest, WRAPPED } from './anthropic-request.ts';
import { readModelResponses, type ToEvents, tokenCount } from './model-response.ts';
import { cutOff, declined, emptyStream, type ProviderPlace, toProviderError } from './provider-errors.ts';
import { createReasoningSplitter } from './reasoning.ts';
import { reportedFinish, reportedModel } from './reported.ts';
import { SDK_TIMEOUT_MS } from './sdk-timeout.ts';
import { createToolCalls } from './tool-calls.ts';

export interface AnthropicOptions {
  readonly apiKey: string | undefined;
  /** Anthropic’s own if not given. */
  readonly baseUrl: string | undefined;
  /** The guarded `fetch` of the egress. */
  readonly fetch: typeof fetch;
  /** A tool at Anthropic itself, the prompt elsewhere, where tools are often unreliable. */
  readonly structured?: Structured;
}

const ANTHROPIC = 'https://api.anthropic.com';

/** Finish reasons by the names that the other providers use. */
const FINISH: Readonly<Record<string, string>> = { end_turn: 'stop', stop_sequence: 'stop', tool_use: 'stop', max_tokens: 'length' };

function unwrapped(content: string, request: ProviderRequest): string {
  const parsed = isWrapped(request) ? parseModelJson(content) : undefined;
  return isPlainObject(parsed?.value) && WRAPPED in parsed.value ? JSON.stringify(parsed.value[WRAPPED]) : content;
}

type Reported = Partial<Record<'input_tokens' | 'cache_read_input_tokens' | 'cache_creation_input_tokens', unknown>> | null | undefined;

/** All input tokens; those read from and written to the cache are reported separately. */
const inputTokens = (usage: Reported): number =>
  (tokenCount(usage?.input_tokens) ?? 0) + (tokenCount(usage?.cache_read_input_tokens) ?? 0) + (tokenCount(usage?.cache_creation_input_tokens) ?? 0);

/** Input tokens read from the cache. */
const cachedTokens = (usage: Reported): number => tokenCount(usage?.cache_read_input_tokens) ?? 0;

/** Input tokens written to the cache. */
const writtenTokens = (usage: Reported): number => tokenCount(usage?.cache_creation_input_tokens) ?? 0;

/** Converts a complete answer to the events of a stream. */
const toEvents: ToEvents = (message) => {
  if (!Array.isArray(message.content)) return undefined;
  const blocks = message.content.filter(isPlainObject).flatMap((block, index) => [
    { event: 'content_block_start', data: { type: 'content_block_start', index, content_block: block } },
    { event: 'content_block_delta', data: { type: 'content_block_delta', index, delta: wholeDelta(block) } },
    { event: 'content_block_stop', data: { type: 'content_block_stop', index } },
  ]);
  const { usage, stop_reason } = message;
  return [
    { event: 'message_start', data: { type: 'message_start', message } },
    ...blocks,
    { event: 'message_delta', data: { type: 'message_delta', delta: { stop_reason: stop_reason ?? 'end_turn' }, usage } },
    { event: 'message_stop', data: { type: 'message_stop' } },
  ];
};

function wholeDelta(block: Record<string, unknown>): object {
  if (block.type === 'tool_use') return { type: 'input_json_delta', partial_json: JSON.stringify(block.input ?? {}) };
  if (block.type === 'thinking') return { type: 'thinking_delta', thinking: block.thinking };
  return { type: 'text_delta', text: typeof block.text === 'string' ? block.text : '' };
}

/** Collects the blocks of an answer: its text, or the input of the tool that holds a structured answer, and the calls of the caller’s tools. */
function createBlocks(tool: string | undefined, callerTools: ReadonlySet<string>) {
  const calls = createToolCalls();
  const splitter = createReasoningSplitter();
  const wanted = new Set<number>();
  const called = new Set<number>();
  const toolInput = createStreamedText();
  const thinking = createStreamedText();
  return {
    start({ index, content_block: block }: Anthropic.RawContentBlockStartEvent): void {
      if (block.type !== 'tool_use') return;
      if (block.name === tool) wanted.add(index);
      if (!callerTools.has(block.name)) return;
      called.add(index);
      calls.add([{ index, id: block.id, function: { name: block.name } }]);
    },
    /** Returns the text to show. */
    delta({ index, delta }: Anthropic.RawContentBlockDeltaEvent): string {
      if (delta.type === 'text_delta') return splitter.feed(delta.text);
      if (delta.type === 'thinking_delta') thinking.add(delta.thinking);
      if (delta.type === 'input_json_delta' && called.has(index)) calls.add([{ index, function: { arguments: delta.partial_json } }]);
      if (delta.type !== 'input_json_delta' || !wanted.has(index)) return '';
      toolInput.add(delta.partial_json);
      return delta.partial_json;
    },
    end(request: ProviderRequest): { readonly held: string } & Pick<ProviderAnswer, 'content' | 'reasoning' | 'toolCalls'> {
      const { answer, reasoning, held } = splitter.end();
      const content = toolInput.length === 0 ? answer : unwrapped(toolInput.text(), request);
      return { held, content, ...calls.end(), ...withReasoning(thinking.text() + reasoning) };
    },
  };
}

/** Characters of a piece of text, reasoning, or tool input. */
function lengthOf({ delta }: Anthropic.RawContentBlockDeltaEvent): number {
  if (delta.type === 'text_delta') return delta.text.length;
  if (delta.type === 'thinking_delta') return delta.thinking.length;
  return delta.type === 'input_json_delta' ? delta.partial_json.length : 0;
}

/** Receives a response as it arrives. */
interface Listener {
  onDelta(text: string): void;
  onLost(usage: Usage): void;
  readonly onSent: OnSent;
  readonly traceparent: string | undefined;
}

async function readStream(
  stream: AsyncIterable<Anthropic.RawMessageStreamEvent>,
  { request, tool, place }: { request: ProviderRequest; tool: string | undefined; place: ProviderPlace },
  { onDelta, onLost }: Listener,
): Promise<ProviderAnswer> {
  const blocks = createBlocks(tool, new Set((request.tools ?? []).map(({ name }) => name)));
  let model: unknown;
  let stopReason: string | null = null;
  let ended = false;
  let isEmpty = true;
  let characters = 0;
  const usage = { inputTokens: 0, outputTokens: 0, cachedInputTokens: 0, cacheWriteTokens: 0 };
  try {
    for await (const event of stream) {
      isEmpty = false;
      if (!isPlainObject(event)) continue;
      if (event.type === 'message_start') {
        model = event.message?.model;
        usage.inputTokens = inputTokens(event.message?.usage);
        usage.cachedInputTokens = cachedTokens(event.message?.usage);
        usage.cacheWriteTokens = writtenTokens(event.message?.usage);
      } else if (event.type === 'content_block_start') blocks.start(event);
      else if (event.type === 'content_block_delta') {
        characters += lengthOf(event);
        const shown = blocks.delta(event);
        if (shown !== '') onDelta(shown);
      } else if (event.type === 'message_delta') {
        stopReason = event.delta.stop_reason ?? stopReason;
        usage.inputTokens = inputTokens(event.usage) || usage.inputTokens;
        usage.cachedInputTokens = cachedTokens(event.usage) || usage.cachedInputTokens;
        usage.cacheWriteTokens = writtenTokens(event.usage) || usage.cacheWriteTokens;
        usage.outputTokens = tokenCount(event.usage?.output_tokens) ?? usage.outputTokens;
      } else if (event.type === 'message_stop') ended = true;
    }
    if (isEmpty) throw emptyStream(place);
    if (stopReason === null && !ended) throw cutOff(place);
    if (stopReason === 'refusal') throw declined(request.model, '');
  } catch (thrown) {
    // The output tokens come with the end of a response. Until then, four characters count as one.
    onLost({ ...usageFrom(usage), outputTokens: Math.max(usage.outputTokens, Math.ceil(characters / 4)) });
    throw thrown;
  }
  const { held, ...answer } = blocks.end(request);
  if (held !== '') onDelta(held);
  const stopped = stopReason ?? 'end_turn';
  return { ...answer, model: reportedModel(model, request.model), usage: usageFrom(usage), finishReason: FINISH[stopped] ?? reportedFinish(stopped) };
}

/** The tool that must be called with a structured answer. */
const answerToolIn = ({ tool_choice: choice }: ReturnType<typeof toAnthropicRequest>, { tools = [] }: ProviderRequest): string | undefined =>
  choice?.type === 'tool' && tools.length === 0 ? choice.name : undefined;

/** Speaks Anthropic’s messages API with Anthropic or any compatible server. Loads the SDK with the first call. */
export function createAnthropicProvider(options: AnthropicOptions): ModelProvider {
  // The SDK adds `/v1` itself.
  const baseURL = (options.baseUrl ?? ANTHROPIC).replace(/\/v1\/?$/, '');
  const { host, hostname } = new URL(baseURL);
  const structured = options.structured ?? (/(^|\.)anthropic\.com$/.test(hostname) ? 'tool' : 'words');
  const quirks = createQuirkMemory<Quirk>();
  let client: Promise<Anthropic> | undefined;
  const connect = (): Promise<Anthropic> => {
    client ??= import('@anthropic-ai/sdk').then(({ default: Client }) => {
      const fetch = readModelResponses(options.fetch, { host, secret: options.apiKey }, toEvents);
      // The token of the environment must not go to the server that this connection names.
      return new Client({ apiKey: options.apiKey || 'none', authToken: null, baseURL, fetch, maxRetries: 0, timeout: SDK_TIMEOUT_MS, logLevel: 'off' });
    });
    return client;
  };

  const ask = (request: ProviderRequest, signal: AbortSignal, listener: Listener): Promise<ProviderAnswer> => {
    const place = { host, model: request.model, secret: options.apiKey };
    const paramsOf = (known: ReadonlySet<Quirk>) => toAnthropicRequest(request, structured, known);
    const send = async (known: ReadonlySet<Quirk>): Promise<ProviderAnswer> => {
      const { messages } = await connect();
      const params = paramsOf(known);
      listener.onSent(adaptedRequest(request, known));
      const stream = await messages.create(params, { signal, ...tracedBy(listener) });
      const answer = await readStream(stream, { request, tool: answerToolIn(params, request), place }, listener);
      // The SDKs end an aborted stream silently.
      signal.throwIfAborted();
      return answer;
    };
    const rejected = (thrown: unknown, known: ReadonlySet<Quirk>) => {
      const params = paramsOf(known);
      return signal.aborted ? undefined : rejectedParameter(thrown, { request, sent: QUIRKS.filter((name) => name in params), quirks: known });
    };
    return quirks.ask(request.model, send, rejected).catch((thrown: unknown) => {
      throw signal.aborted ? signal.reason : toProviderError(thrown, place);
    });
  };

  return {
    chat: (request, signal, onDelta, onLost = () => {}, onSent = () => {}, traceparent?: string) =>
      ask(request, signal, { onDelta, onLost, onSent, traceparent }),
    async listModels(signal) {
      try {
        const page = await (await connect()).models.list({ limit: 100 }, { signal });
        return page.data.map(({ id }) => id);
      } catch (thrown) {
        throw signal.aborted ? signal.reason : toProviderError(thrown, { host, model: '', secret: options.apiKey });
      }
    },
  };
}
