import { EventEmitter } from 'node:events';

/* Loaded into a server process before everything else (poison.test.ts): steps that end the process. */

const later = <T>(ms: number, end: () => T) => new Promise<never>(() => void setTimeout(end, ms));
const die = () => process.exit(7);
const signal = (name: NodeJS.Signals) => {
  process.kill(process.pid, name);
  // The signal must arrive before anything else runs.
  for (;;) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1_000);
};

/** By name. Each becomes the step's promise, or ends the process before it returns. */
const POISONS: Readonly<Record<string, () => unknown>> = {
  'SIGKILL at once': () => signal('SIGKILL'),
  'exit after the time of a probation': () => later(400, die),
  'exit at once': die,
  'exit as if all were well': () => process.exit(0),
  'SIGSEGV at once': () => signal('SIGSEGV'),
  'SIGABRT at once': () => process.abort(),
  'SIGILL at once': () => signal('SIGILL'),
  'exit in a microtask': () => Promise.resolve().then(die),
  'exit in the next tick': () => new Promise(() => process.nextTick(die)),
  'exit in the next turn': () => new Promise(() => setImmediate(die)),
  'exit after 5 ms': () => later(5, die),
  'SIGKILL after 20 ms': () => later(20, () => signal('SIGKILL')),
  'exit after 100 ms': () => later(100, die),
  'SIGSEGV after 240 ms': () => later(240, () => signal('SIGSEGV')),
  'exit after a second': () => later(1_000, die),
  'an error thrown in a timer': () => later(1, () => raise()),
  'an error thrown in the next tick': () => new Promise(() => process.nextTick(raise)),
  'an error event that nothing handles': () => later(1, () => new EventEmitter().emit('error', new Error('poison'))),
  'an error thrown in a queued microtask': () => new Promise(() => queueMicrotask(raise)),
  'a heap that runs out': () => {
    const kept: unknown[] = [];
    for (;;) kept.push(new Array(1_000_000).fill(kept.length));
  },
};

function raise(): never {
  throw new Error('poison');
}

Object.assign(globalThis, { poison: (name: string | undefined) => name !== undefined && POISONS[name]?.() });
