import type { ConnectionLimits } from '@switchyard/shared/contracts/models.ts';
import { AppError } from '@switchyard/shared/errors.ts';
import { createFairQueue } from '../../fair-queue.ts';

/*
 * Limits of connections on calls at once, and on calls and tokens per minute (S58), in this process. Over several,
 * server/cluster/redis-connection-limits.ts adds what others use. Invariants:
 * 1. No more calls are in progress than the limit, and no more were sent within any 60 s. Tokens count as estimated until a call has ended,
 *    and then as used. A call with more tokens than the limit is allowed once nothing else has been sent for a minute.
 * 2. Waiting calls take turns by workflow, and within a workflow by tenant. A new call never overtakes one that waits.
 * 3. A call that ends its wait, by timeout or abort, leaves nothing behind.
 */

const WINDOW_MS = 60_000;

/** A call that asks to be sent. */
export interface Arrival {
  /** Identifies the connection. */
  readonly key: string;
  /** Name of the connection, for errors. */
  readonly name: string;
  readonly limits: ConnectionLimits;
  readonly workflow: string;
  readonly tenant: string;
  /** Estimated tokens of the request and its answer. */
  readonly tokens: number;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

export interface Place {
  readonly waitedMs: number;
  /** The call has ended. Call it exactly once, with the tokens that it used if they are known. */
  leave(usedTokens?: number): void;
}

export interface ConnectionLoad {
  readonly running: number;
  readonly waiting: number;
  /** Calls and tokens in the last minute. Only counted if they are limited. */
  readonly requests: number;
  readonly tokens: number;
}

export interface LimitedConnections {
  /** Waits for a place. Rejects with `connection-busy` when the time is up, or with the signal’s reason. */
  enter(arrival: Arrival): Promise<Place>;
  loadOf(key: string): ConnectionLoad;
}

interface Waiter {
  readonly tokens: number;
  readonly begin: () => void;
}

interface Sent {
  readonly at: number;
  tokens: number;
}

interface State {
  limits: ConnectionLimits;
  running: number;
  /** Calls of the last minute, oldest first. Empty if nothing is limited per minute. */
  sent: Sent[];
  tokens: number;
  readonly queue: ReturnType<typeof createFairQueue<Waiter>>;
  timer: NodeJS.Timeout | undefined;
}

const IDLE: ConnectionLoad = { running: 0, waiting: 0, requests: 0, tokens: 0 };

export function createConnectionLimits(elapsed: () => number): LimitedConnections {
  const states = new Map<string, State>();
  const stateOf = (key: string, limits: ConnectionLimits): State => {
    const state = states.get(key) ?? { limits, running: 0, sent: [], tokens: 0, queue: createFairQueue<Waiter>(), timer: undefined };
    states.set(key, state);
    state.limits = limits;
    return state;
  };
  const drop = (key: string, state: State): void => {
    prune(state, elapsed());
    if (state.running === 0 && state.sent.length === 0 && state.queue.size === 0 && states.get(key) === state) states.delete(key);
  };
  /** Lets waiting calls in, and sets a timer if only time lets the next one in. */
  const pump = (state: State): void => {
    clearTimeout(state.timer);
    state.timer = undefined;
    prune(state, elapsed());
    for (let next = state.queue.peek(); next && fits(state, next.tokens); next = state.queue.peek()) {
      state.queue.shift();
      next.begin();
    }
    const oldest = state.sent[0];
    if (state.queue.size > 0 && oldest) state.timer = setTimeout(() => pump(state), Math.max(1, oldest.at + WINDOW_MS - elapsed())).unref();
  };
  const admit = (key: string, state: State, tokens: number, waitedMs: number): Place => {
    const sent: Sent = { at: elapsed(), tokens };
    state.running++;
    if (isLimitedPerMinute(state.limits)) {
      state.sent.push(sent);
      state.tokens += tokens;
    }
    return {
      waitedMs,
      leave: (used) => {
        state.running--;
        if (used !== undefined && state.sent.includes(sent)) {
          state.tokens += used - sent.tokens;
          sent.tokens = used;
        }
        pump(state);
        drop(key, state);
      },
    };
  };
  return {
    enter: async ({ key, name, limits, workflow, tenant, tokens, timeoutMs, signal }) => {
      signal.throwIfAborted();
      const state = stateOf(key, limits);
      prune(state, elapsed());
      if (state.queue.size === 0 && fits(state, tokens)) return admit(key, state, tokens, 0);
      const startedAt = elapsed();
      const turn = Promise.withResolvers<Place>();
      const remove = state.queue.push(workflow, tenant, { tokens, begin: () => turn.resolve(admit(key, state, tokens, Math.round(elapsed() - startedAt))) });
      const giveUp = (reason: unknown): void => {
        if (!remove()) return;
        turn.reject(reason);
        pump(state);
        drop(key, state);
      };
      const stop = () => giveUp(signal.reason);
      const timer = setTimeout(() => giveUp(busy(name, limits, timeoutMs)), timeoutMs);
      signal.addEventListener('abort', stop, { once: true });
      pump(state);
      try {
        return await turn.promise;
      } finally {
        clearTimeout(timer);
        signal.removeEventListener('abort', stop);
      }
    },
    loadOf: (key) => {
      const state = states.get(key);
      if (!state) return IDLE;
      prune(state, elapsed());
      return { running: state.running, waiting: state.queue.size, requests: state.sent.length, tokens: state.tokens };
    },
  };
}

const isLimitedPerMinute = ({ requestsPerMinute, tokensPerMinute }: ConnectionLimits): boolean =>
  requestsPerMinute !== undefined || tokensPerMinute !== undefined;

function prune(state: State, now: number): void {
  const keep = state.sent.findIndex(({ at }) => now - at < WINDOW_MS);
  const gone = keep < 0 ? state.sent : state.sent.slice(0, keep);
  if (gone.length === 0) return;
  for (const { tokens } of gone) state.tokens -= tokens;
  state.sent = keep < 0 ? [] : state.sent.slice(keep);
}

function fits({ limits, running, sent, tokens: used }: State, tokens: number): boolean {
  const { atOnce = Number.POSITIVE_INFINITY, requestsPerMinute = Number.POSITIVE_INFINITY, tokensPerMinute = Number.POSITIVE_INFINITY } = limits;
  return running < atOnce && sent.length < requestsPerMinute && (sent.length === 0 || used + tokens <= tokensPerMinute);
}

export const busy = (name: string, { atOnce, requestsPerMinute, tokensPerMinute }: ConnectionLimits, timeoutMs: number): AppError => {
  const limits = [
    ...(atOnce === undefined ? [] : [`${atOnce} at once`]),
    ...(requestsPerMinute === undefined ? [] : [`${requestsPerMinute} calls per minute`]),
    ...(tokensPerMinute === undefined ? [] : [`${tokensPerMinute} tokens per minute`]),
  ];
  const message = `The call waited ${timeoutMs / 1_000} s for its turn on “${name}” (limit: ${limits.join(', ')}). Raise the limits of the connection, or add a fallback.`;
  return new AppError('connection-busy', message, { beforeEffect: true });
};
