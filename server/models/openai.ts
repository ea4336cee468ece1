import { AppError } from '@switchyard/shared/errors.ts';
import { textOf } from '@switchyard/shared/model/chat.ts';
import type OpenAI from 'openai';
import { QUIRKS, type Quirk, toOpenAiRequest } from './openai-request.ts';
import type { ModelProvider, ProviderAnswer, ProviderRequest } from './provider.ts';
import { cutOff, type ProviderPlace, toProviderError } from './provider-errors.ts';
import { SDK_TIMEOUT_MS } from './sdk-timeout.ts';

export interface OpenAiOptions {
  readonly kind: 'openai' | 'openai-compatible';
  readonly apiKey: string | undefined;
  /** Default: OpenAI's own. */
  readonly baseUrl: string | undefined;
  /** The guarded fetch of the egress. */
  readonly fetch: typeof fetch;
}

const OPENAI = 'https://api.openai.com/v1';

/** About what a server would have counted, for those that do not tell: four characters a token. */
const estimated = (request: ProviderRequest, content: string) => ({
  inputTokens: Math.ceil(request.messages.map(textOf).join('\n').length / 4),
  outputTokens: Math.ceil(content.length / 4),
});

async function readStream(
  stream: AsyncIterable<OpenAI.ChatCompletionChunk>,
  request: ProviderRequest,
  place: ProviderPlace,
  onDelta: (text: string) => void,
): Promise<ProviderAnswer> {
  let content = '';
  let refusal = '';
  let model = request.model;
  let finishReason: string | null = null;
  let usage: OpenAI.CompletionUsage | null | undefined;
  for await (const chunk of stream) {
    model = chunk.model || model;
    usage = chunk.usage ?? usage;
    const choice = chunk.choices?.[0];
    finishReason = choice?.finish_reason ?? finishReason;
    refusal += choice?.delta?.refusal ?? '';
    const text = choice?.delta?.content ?? '';
    content += text;
    if (text !== '') onDelta(text);
  }
  if (finishReason === null) throw cutOff(place);
  if (content === '' && refusal !== '') throw new AppError('provider-refused', `‘${request.model}’ declined to answer: ${refusal}`);
  return {
    content,
    model,
    finishReason,
    usage: usage ? { inputTokens: usage.prompt_tokens, outputTokens: usage.completion_tokens } : estimated(request, content),
  };
}

/** The parameter that a refusal complains about, if leaving it out or renaming it could help. */
function quirkIn(error: AppError, sent: object, known: ReadonlySet<Quirk>): Quirk | undefined {
  if (error.code !== 'provider-refused') return undefined;
  const about = (quirk: Quirk) => error.message.includes(quirk) || (quirk === 'response_format' && /json_schema|grammar/i.test(error.message));
  return QUIRKS.find((quirk) => quirk in sent && !known.has(quirk) && about(quirk));
}

/** Speaks OpenAI's chat completions, with OpenAI itself or any server that speaks the same. The SDK is loaded with the first call. */
export function createOpenAiProvider(options: OpenAiOptions): ModelProvider {
  const baseURL = options.baseUrl ?? OPENAI;
  const host = new URL(baseURL).host;
  const quirks = new Map<string, Set<Quirk>>();
  let client: Promise<OpenAI> | undefined;
  const connect = (): Promise<OpenAI> => {
    client ??= import('openai').then(({ default: Client }) => {
      const { fetch } = options;
      // Organisation and project are null lest the SDK takes them from the environment and sends them to a stranger.
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

  async function ask(request: ProviderRequest, signal: AbortSignal, onDelta: (text: string) => void): Promise<ProviderAnswer> {
    const place = { host, model: request.model, secret: options.apiKey };
    const known = quirks.get(request.model) ?? new Set<Quirk>();
    const params = toOpenAiRequest(request, options.kind === 'openai', known);
    try {
      const stream = await (await connect()).chat.completions.create(params, { signal });
      const answer = await readStream(stream, request, place, onDelta);
      signal.throwIfAborted();
      return answer;
    } catch (thrown) {
      // The SDKs end an aborted stream without a word.
      if (signal.aborted) throw signal.reason;
      const error = toProviderError(thrown, place);
      const quirk = quirkIn(error, params, known);
      if (quirk === undefined) throw error;
      quirks.set(request.model, known.add(quirk));
      return ask(request, signal, onDelta);
    }
  }

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
