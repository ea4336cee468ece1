import { AppError } from '@switchyard/shared/errors.ts';
import { type ChatMessage, textOf } from '@switchyard/shared/model/chat.ts';
import { DEMO_MARK, readRequest } from './demo/reading.ts';
import { writeJson } from './demo/write-json.ts';
import { writeText } from './demo/write-text.ts';
import type { ModelProvider, ProviderRequest } from './provider.ts';

/*
 * The demo provider answers by rules, so that everything can be tried without a key. It knows the request alone: no workflow, no template,
 * no earlier call. Each answer says “demo”.
 */

/** Models beside `demo` are for tests: they fail, take ten seconds, answer nothing, or answer nonsense. */
export const DEMO_MODELS = ['demo', 'demo-fail', 'demo-slow', 'demo-empty', 'demo-nonsense'] as const;

const DEFAULT_DELAY_MS = 750;
const SLOW_MS = 10_000;

/** Waits, unless the signal ends it: then rejects with the signal's reason. */
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

/** The beginning of a text, with long blanks shortened. */
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

/** Makes the demo provider. `delayMs` is the time of one whole answer, spread over its words; 0 answers at once. */
export function createDemoProvider(options: { readonly delayMs?: number } = {}): ModelProvider {
  const usualMs = options.delayMs ?? DEFAULT_DELAY_MS;
  return {
    async chat(request, signal, onDelta) {
      if (!DEMO_MODELS.some((model) => model === request.model)) {
        throw new AppError('provider-refused', `The demo provider has no model ‘${request.model}’. It has: ${DEMO_MODELS.join(', ')}.`);
      }
      const delayMs = request.model === 'demo-slow' ? SLOW_MS : usualMs;
      const content = answerTo(request);
      const words = content.split(/(?<=\S)(?=\s)/);
      // A timer is at least a millisecond late: words go in at most 40 bundles, so that the whole keeps its time.
      const bundle = Math.max(1, Math.ceil(words.length / 40));
      const steps = Math.ceil(words.length / bundle) + 1;
      await pause(delayMs / steps, signal);
      if (request.model === 'demo-fail') throw new AppError('provider-unavailable', 'The model ‘demo-fail’ always fails: it is there for tests.');
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
