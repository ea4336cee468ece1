import type { TriedCall } from '@switchyard/shared/contracts/calls/tried-call.ts';
import type { TryListener } from '../api/stream-try.ts';

/*
 * The tries of one page, by key: what each of them shows now. Streamed text is shown once per frame. A few run at once and the rest wait,
 * because a browser opens few connections to one server.
 */

export type Try<Result extends TriedCall = TriedCall> =
  | { readonly kind: 'waiting' }
  | { readonly kind: 'running'; readonly text: string; readonly startedAt: number }
  | { readonly kind: 'done'; readonly result: Result }
  | { readonly kind: 'failed'; readonly text: string; readonly error: unknown }
  | { readonly kind: 'stopped'; readonly text: string };

const AT_ONCE = 4;

/** Makes the call of a try. */
export type SendTry<Request, Result extends TriedCall> = (request: Request, listener: TryListener) => Promise<Result>;

interface Job<Request> {
  readonly key: string;
  readonly request: Request;
  readonly stop: AbortController;
}

interface Parts {
  readonly schedule?: (task: () => void) => void;
  readonly now?: () => number;
}

export interface Tries<Request, Result extends TriedCall> {
  subscribe(listener: () => void): () => void;
  /** The current tries. A new map after each change. */
  all(): ReadonlyMap<string, Try<Result>>;
  /** Starts a try, in place of the earlier one with its key. */
  start(key: string, request: Request): void;
  /** Stops every try that waits or runs, and keeps their text. */
  stop(): void;
}

/** What each try shows. Streamed text is announced once per frame, and every other change at once. */
function createShown<Result extends TriedCall>(schedule: (task: () => void) => void) {
  let all: ReadonlyMap<string, Try<Result>> = new Map();
  const listeners = new Set<() => void>();
  let isScheduled = false;
  const tell = (): void => {
    isScheduled = false;
    for (const listener of listeners) listener();
  };
  return {
    all: () => all,
    textOf: (key: string): string => {
      const state = all.get(key);
      return state && 'text' in state ? state.text : '';
    },
    put: (key: string, state: Try<Result>): void => {
      all = new Map(all).set(key, state);
      tell();
    },
    putText: (key: string, text: string, startedAt: number): void => {
      all = new Map(all).set(key, { kind: 'running', text, startedAt });
      if (isScheduled) return;
      isScheduled = true;
      schedule(tell);
    },
    subscribe: (listener: () => void) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

/** Creates the tries of one prompt or route. */
export function createTries<Request, Result extends TriedCall>(
  send: SendTry<Request, Result>,
  { schedule = requestAnimationFrame, now = Date.now }: Parts = {},
): Tries<Request, Result> {
  const shown = createShown<Result>(schedule);
  const jobs = new Map<string, Job<Request>>();
  const waiting: Job<Request>[] = [];
  let running = 0;

  const run = async (job: Job<Request>): Promise<void> => {
    const startedAt = now();
    const { key, request, stop } = job;
    const isCurrent = (): boolean => jobs.get(key) === job;
    const putText = (text: string): void => {
      if (isCurrent()) shown.putText(key, text, startedAt);
    };
    shown.put(key, { kind: 'running', text: '', startedAt });
    try {
      const onDelta = (text: string) => putText(shown.textOf(key) + text);
      const result = await send(request, { signal: stop.signal, onDelta, onRestart: () => putText('') });
      if (isCurrent()) shown.put(key, { kind: 'done', result });
    } catch (error) {
      const text = shown.textOf(key);
      if (isCurrent()) shown.put(key, stop.signal.aborted ? { kind: 'stopped', text } : { kind: 'failed', text, error });
    } finally {
      running--;
      if (isCurrent()) jobs.delete(key);
      pump();
    }
  };
  const pump = (): void => {
    while (running < AT_ONCE) {
      const job = waiting.shift();
      if (!job) return;
      running++;
      void run(job);
    }
  };
  return {
    subscribe: shown.subscribe,
    all: shown.all,
    start: (key, request) => {
      jobs.get(key)?.stop.abort();
      const at = waiting.findIndex((job) => job.key === key);
      if (at >= 0) waiting.splice(at, 1);
      const job = { key, request, stop: new AbortController() };
      jobs.set(key, job);
      waiting.push(job);
      shown.put(key, { kind: 'waiting' });
      pump();
    },
    stop: () => {
      for (const job of waiting.splice(0)) {
        jobs.delete(job.key);
        shown.put(job.key, { kind: 'stopped', text: '' });
      }
      for (const job of jobs.values()) job.stop.abort();
    },
  };
}

export const isOpen = (state: Try | undefined): boolean => state?.kind === 'waiting' || state?.kind === 'running';
