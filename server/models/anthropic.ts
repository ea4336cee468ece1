import type Anthropic from '@anthropic-ai/sdk';
import { AppError } from '@switchyard/shared/errors.ts';
import { isPlainObject } from '@switchyard/shared/json.ts';
import { isWrapped, type Structured, toAnthropicRequest, WRAPPED } from './anthropic-request.ts';
import { parseModelJson } from './parse-json.ts';
import type { ModelProvider, ProviderAnswer, ProviderRequest } from './provider.ts';
import { cutOff, type ProviderPlace, toProviderError } from './provider-errors.ts';
import { SDK_TIMEOUT_MS } from './sdk-timeout.ts';

export interface AnthropicOptions {
  readonly apiKey: string | undefined;
  /** Default: Anthropic's own. */
  readonly baseUrl: string | undefined;
  /** The guarded fetch of the egress. */
  readonly fetch: typeof fetch;
  /** Default: by tool at Anthropic itself, in words elsewhere, where tools are often unreliable. */
  readonly structured?: Structured;
}

const ANTHROPIC = 'https://api.anthropic.com';

/** The same reasons under the names that the other providers use. */
const FINISH: Readonly<Record<string, string>> = { end_turn: 'stop', stop_sequence: 'stop', tool_use: 'stop', max_tokens: 'length' };

function unwrapped(content: string, request: ProviderRequest): string {
  const parsed = isWrapped(request) ? parseModelJson(content) : undefined;
  return isPlainObject(parsed?.value) && WRAPPED in parsed.value ? JSON.stringify(parsed.value[WRAPPED]) : content;
}

/** All that was read: tokens from and for the cache are counted apart. */
const inputTokens = (usage: Partial<Record<'input_tokens' | 'cache_read_input_tokens' | 'cache_creation_input_tokens', number | null>> | undefined): number =>
  (usage?.input_tokens ?? 0) + (usage?.cache_read_input_tokens ?? 0) + (usage?.cache_creation_input_tokens ?? 0);

async function readStream(
  stream: AsyncIterable<Anthropic.RawMessageStreamEvent>,
  request: ProviderRequest,
  place: ProviderPlace,
  onDelta: (text: string) => void,
): Promise<ProviderAnswer> {
  let text = '';
  let toolInput = '';
  let model = request.model;
  let stopReason: string | null = null;
  let ended = false;
  const usage = { inputTokens: 0, outputTokens: 0 };
  for await (const event of stream) {
    if (event.type === 'message_start') {
      model = event.message.model || model;
      usage.inputTokens = inputTokens(event.message.usage);
    } else if (event.type === 'content_block_delta') {
      const delta = event.delta.type === 'text_delta' ? event.delta.text : event.delta.type === 'input_json_delta' ? event.delta.partial_json : '';
      if (event.delta.type === 'text_delta') text += delta;
      else toolInput += delta;
      if (delta !== '') onDelta(delta);
    } else if (event.type === 'message_delta') {
      stopReason = event.delta.stop_reason ?? stopReason;
      usage.inputTokens = inputTokens(event.usage) || usage.inputTokens;
      usage.outputTokens = event.usage?.output_tokens ?? usage.outputTokens;
    } else if (event.type === 'message_stop') ended = true;
  }
  if (stopReason === null && !ended) throw cutOff(place);
  if (stopReason === 'refusal' && text + toolInput === '') throw new AppError('provider-refused', `‘${request.model}’ declined to answer.`);
  const content = toolInput === '' ? text : unwrapped(toolInput, request);
  return { content, model, usage, finishReason: FINISH[stopReason ?? 'end_turn'] ?? stopReason ?? 'stop' };
}

/** Speaks Anthropic's messages API, with Anthropic itself or a server that speaks the same. The SDK is loaded with the first call. */
export function createAnthropicProvider(options: AnthropicOptions): ModelProvider {
  const baseURL = options.baseUrl ?? ANTHROPIC;
  const { host, hostname } = new URL(baseURL);
  const structured = options.structured ?? (/(^|\.)anthropic\.com$/.test(hostname) ? 'tool' : 'words');
  let client: Promise<Anthropic> | undefined;
  const connect = (): Promise<Anthropic> => {
    client ??= import('@anthropic-ai/sdk').then(({ default: Client }) => {
      const { fetch } = options;
      // A token of the environment must not go to whatever server this connection names.
      return new Client({ apiKey: options.apiKey || 'none', authToken: null, baseURL, fetch, maxRetries: 0, timeout: SDK_TIMEOUT_MS, logLevel: 'off' });
    });
    return client;
  };
  const failed = (thrown: unknown, signal: AbortSignal, model: string): unknown =>
    signal.aborted ? signal.reason : toProviderError(thrown, { host, model, secret: options.apiKey });

  return {
    async chat(request, signal, onDelta) {
      try {
        const stream = await (await connect()).messages.create(toAnthropicRequest(request, structured), { signal });
        const answer = await readStream(stream, request, { host, model: request.model, secret: options.apiKey }, onDelta);
        // The SDKs end an aborted stream without a word.
        signal.throwIfAborted();
        return answer;
      } catch (thrown) {
        throw failed(thrown, signal, request.model);
      }
    },
    async listModels(signal) {
      try {
        const page = await (await connect()).models.list({ limit: 100 }, { signal });
        return page.data.map(({ id }) => id);
      } catch (thrown) {
        throw failed(thrown, signal, '');
      }
    },
  };
}
