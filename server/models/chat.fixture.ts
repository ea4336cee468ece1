import type { RouteSettings, RouteTarget } from '@switchyard/shared/contracts/routes.ts';
import { AppError } from '@switchyard/shared/errors.ts';
import { type ChatRequest, textMessage } from '@switchyard/shared/model/chat.ts';
import type { Usage } from '@switchyard/shared/run/events.ts';
import type { Chat } from './chat-port.ts';
import { type ChatParts, createChat } from './chat-service.ts';
import type { ModelProvider, ProviderRequest } from './provider.ts';

/* A route over providers that follow a script, for tests of calls. */

export const request: ChatRequest = { route: 'fast', messages: [textMessage('user', 'Hello')] };

/** An answer that breaks off after some of its text. */
export interface BrokenAnswer {
  readonly text: string;
  readonly error: AppError;
  readonly usage?: Usage;
}

/** A provider that returns these answers in turn. An error is thrown; undefined hangs until the abort. */
export function scripted(...answers: (string | AppError | BrokenAnswer | undefined)[]): ModelProvider & { readonly seen: ProviderRequest[] } {
  const seen: ProviderRequest[] = [];
  return {
    seen,
    async chat(asked, signal, onDelta, onLost) {
      seen.push(asked);
      const next = answers[seen.length - 1];
      if (next instanceof AppError) throw next;
      if (typeof next === 'object') {
        onDelta(next.text);
        if (next.usage) onLost?.(next.usage);
        throw next.error;
      }
      if (next === undefined) await new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
      onDelta(String(next));
      return { content: String(next), usage: { inputTokens: 100, outputTokens: 10 }, model: asked.model, finishReason: 'stop' };
    },
    listModels: async () => [],
  };
}

/** A chat over a route with these providers as its targets, unless `settings` names others. */
export function chatWith(providers: Record<string, ModelProvider>, settings: Partial<RouteSettings> = {}, parts: Partial<ChatParts> = {}) {
  const all: RouteTarget[] = Object.keys(providers).map((connectionId) => ({ connectionId, model: 'gpt-4.1' }));
  const chat = createChat({
    resolveRoute: async (_workspace, name) => ({
      name,
      version: 3,
      targets: all,
      order: 'sequence',
      stickyKey: null,
      onBrokenStream: 'restart',
      cacheTtlMs: null,
      fallbackWarningMs: null,
      ...settings,
    }),
    providerFor: async (_workspace, id) => {
      const provider = providers[id];
      if (!provider) throw new AppError('not-found', `no connection ${id}`);
      return { provider, connection: id, kind: id === 'demo' ? 'demo' : 'openai', limits: {} };
    },
    clock: { now: () => new Date() },
    pause: async () => {},
    admitCall: async () => {},
    ...parts,
  });
  return (asked: ChatRequest = request, options: Partial<Parameters<Chat>[1]> = {}) =>
    chat(asked, { workspaceId: 'default', signal: new AbortController().signal, onDelta: () => undefined, ...options });
}
