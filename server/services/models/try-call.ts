import type { TriedCall } from '@switchyard/shared/contracts/calls/tried-call.ts';
import type { ChatRequest } from '@switchyard/shared/model/chat.ts';
import type { Chat } from '../../models/chat-port.ts';
import type { ServiceContext } from '../context.ts';
import { overloaded } from '../webhooks/overload.ts';

/*
 * Tries prompts and routes: one model call outside any run. It goes through the Chat port, so prices, budgets, usage, limits, circuits, and
 * kill switches apply as in a run. Invariant: a bounded number of calls at once, so playgrounds can't crowd out runs.
 */

const MOST_AT_ONCE = 32;

export interface TryOptions {
  /** Ends the call when the caller disconnects. */
  readonly signal: AbortSignal;
  readonly onDelta: (text: string) => void;
  readonly onRestart: () => void;
  /** What the conditions of the route see. */
  readonly labels?: Readonly<Record<string, string>>;
}

/** Throws `overloaded`, and what the Chat port throws. */
export type TryCall = (context: Pick<ServiceContext, 'workspaceId'>, request: ChatRequest, options: TryOptions) => Promise<TriedCall>;

export function createTryCall(chat: Chat): TryCall {
  let running = 0;
  return async ({ workspaceId }, request, options) => {
    if (running >= MOST_AT_ONCE) throw overloaded();
    running++;
    try {
      const startedAt = performance.now();
      const { answer, record } = await chat(request, { workspaceId, purpose: 'playground', ...options });
      const { connection, routeVersion = 0, cached = false, firstTokenMs = null, attempts } = record;
      const { text, route, model, demo, usage, costMicros, finishReason } = answer;
      const ms = Math.round(performance.now() - startedAt);
      const served = { route, routeVersion, connection, model, demo, cached };
      return { text, ...served, usage, costMicros, ms, firstTokenMs, finishReason, attempts: attempts.map(shownAttempt) };
    } finally {
      running--;
    }
  };
}

const shownAttempt = ({ connection, model, latencyMs, error }: TriedCall['attempts'][number]): TriedCall['attempts'][number] => ({
  connection,
  model,
  latencyMs,
  ...(error && { error }),
});
