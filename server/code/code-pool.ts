import { createThreadPool, type ThreadEvents } from '../thread-pool.ts';
import { type CodeRequest, type CodeResult, startThread, type Thread } from './code-thread.ts';
import { type Engine, loadEngine } from './load-engine.ts';

/*
 * Evaluates user code in worker threads (S73). Owns: the engine that all threads share.
 * Invariants: 1. Each job has a realm of its own. 2. Code that exceeds its time ends with its thread: a long native call can’t be stopped
 * otherwise.
 */

/** Rejects only with the reason of the request’s signal. */
export type RunCode = (request: CodeRequest) => Promise<CodeResult>;

export interface CodePool {
  readonly run: RunCode;
  /** Ends all threads, and what they run. */
  close(): void;
}

export function createCodePool({ size }: { readonly size?: number } = {}): CodePool {
  let engine: Engine | undefined;
  let loading: Promise<Engine> | undefined;
  const start = (on: ThreadEvents): Thread => {
    if (!engine) throw new Error('The engine must be loaded before a thread starts.');
    return startThread(engine, on);
  };
  const pool = createThreadPool<CodeRequest, CodeResult>({ size, start });
  const run: RunCode = async (request) => {
    loading ??= loadEngine();
    engine ??= await loading;
    return pool.run(request);
  };
  return { run, close: pool.close };
}
