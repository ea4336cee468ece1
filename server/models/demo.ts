import { AppError } from '@switchyard/shared/errors.ts';
import { type ChatMessage, textOf } from '@switchyard/shared/model/chat.ts';
import { DEMO_MARK, readRequest } from './demo/reading.ts';
import { writeJson } from './demo/write-json.ts';
import { writeText } from './demo/write-text.ts';
import type { ModelProvider, ProviderRequest } from './provider.ts';

/*
 * The demo provider: rule-based, so everything can be tried without an API key. It sees only the request: no workflow, no template,
 * no earlier call. Each output says “demo”.
 */

/** The models besides `demo` are for tests: they fail, take ten seconds, return nothing, or return nonsense. */
export const DEMO_MODELS = ['demo', 'demo-fail', 'demo-slow', 'demo-empty', 'demo-nonsense'] as const;

const DEFAULT_DELAY_MS = 750;
const SLOW_MS = 10_000;

/** Waits. If the signal aborts, rejects with its reason. */
function pause(ms: number, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  if (ms <= 0) return Promise.resolve();
  return new Promise((resolve, reject) => {
    const stop = () => {
      clearTimeout(timer);
      reject(signal.reason);
    };
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', stop);
      resolve();
    }, ms);
    signal.addEventListener('abort', stop, { once: true });
  });
}

/** The rules of the demo model are regular expressions, and not all of them are linear. */
const LONGEST_READ = 6_000;

/** The start of a text, with long runs of whitespace shortened. */
const readable = (text: string): string => text.slice(0, LONGEST_READ).replace(/\s{3,}/g, (blank) => (blank.includes('\n') ? '\n\n' : '  '));

const readableMessages = (messages: readonly ChatMessage[]): readonly ChatMessage[] =>
  messages.map(({ role, content }) => ({ role, content: content.map((part) => (part.type === 'text' ? { ...part, text: readable(part.text) } : part)) }));

function answerTo(request: ProviderRequest): string {
  if (request.model === 'demo-empty') return '';
  if (request.model === 'demo-nonsense') return 'Seven lamps of (demo) never; the } kettle, because.';
  const messages = readableMessages(request.messages);
  if (request.schema) return writeJson(messages, request.schema);
  return `${writeText(readRequest(messages))}\n\n${DEMO_MARK}`;
}

/** Four characters make about one token in English. */
const tokens = (text: string): number => Math.ceil(text.length / 4);

/** Creates the demo provider. `delayMs` is the time of a whole response, spread over its words. With 0 it responds at once. */
export function createDemoProvider(options: { readonly delayMs?: number } = {}): ModelProvider {
  const usualMs = options.delayMs ?? DEFAULT_DELAY_MS;
  return {
    async chat(request, signal, onDelta) {
      if (!DEMO_MODELS.some((model) => model === request.model)) {
        throw new AppError('provider-refused', `The demo provider has no model “${request.model}”. Choose one of ${DEMO_MODELS.join(', ')}.`);
      }
      if (request.messages.some(({ content }) => content.some(({ type }) => type === 'image' || type === 'file')))
        throw new AppError('provider-refused', 'The demo model can’t read images or files. Connect a provider, or read the file with an Extract node.');
      const delayMs = request.model === 'demo-slow' ? SLOW_MS : usualMs;
      const content = answerTo(request);
      const words = content.split(/(?<=\S)(?=\s)/);
      // Timers are at least a millisecond late. At most 40 chunks keep the total close to `delayMs`.
      const bundle = Math.max(1, Math.ceil(words.length / 40));
      const steps = Math.ceil(words.length / bundle) + 1;
      await pause(delayMs / steps, signal);
      if (request.model === 'demo-fail') throw new AppError('provider-unavailable', 'The model “demo-fail” always fails. It is meant for tests.');
      for (let at = 0; at < words.length; at += bundle) {
        onDelta(words.slice(at, at + bundle).join(''));
        await pause(delayMs / steps, signal);
      }
      const inputTokens = tokens(request.messages.map(textOf).join('\n')) + (request.schema ? tokens(JSON.stringify(request.schema)) : 0);
      return { content, usage: { inputTokens, outputTokens: tokens(content) }, model: request.model, finishReason: 'stop' };
    },
    async listModels() {
      return [...DEMO_MODELS];
    },
  };
}
