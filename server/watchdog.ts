import { Worker } from 'node:worker_threads';

/*
 * Ends a process whose event loop has been blocked for a minute, so its supervisor (Docker, systemd) restarts it (S29a).
 * Owns a thread that watches a counter in shared memory, and the message about what is running. The main thread only writes.
 */

const LIMIT_MS = 60_000;
const BEAT_MS = 1_000;
/** Room for the names of what is running. Longer text is cut. */
const TEXT_BYTES = 4_096;

export interface Watchdog {
  /** Notes the step that is about to run in the event loop. */
  note(runId: string, stepId: string): void;
  stop(): Promise<void>;
}

export interface WatchdogOptions {
  /** What is running, by run, for the message. */
  readonly running: () => readonly string[];
  readonly limitMs?: number;
}

/** Runs in the thread. It counts its own checks, so a process that was suspended as a whole is not ended when it resumes. */
const WATCH = `
const { workerData } = require('node:worker_threads');
const { writeSync } = require('node:fs');
const { beats, text, limitMs } = workerData;
const CHECKS = 12;
let seen = -1;
let unchanged = 0;
setInterval(() => {
  const beat = Atomics.load(beats, 0);
  unchanged = beat === seen ? unchanged + 1 : 0;
  seen = beat;
  if (unchanged < CHECKS) return;
  const read = (from, length) => Buffer.from(text).subarray(from, from + length).toString('utf8');
  const last = read(0, Atomics.load(beats, 1));
  const running = read(text.byteLength / 2, Atomics.load(beats, 2));
  writeSync(2, 'Switchyard: the event loop has been blocked for ' + Math.round(limitMs / 1000) + ' s, so the process ends. Last step: ' +
    (last || 'none') + '. Running: ' + (running || 'nothing') + '\\n');
  process.kill(process.pid, 'SIGKILL');
}, limitMs / CHECKS);
`;

export function startWatchdog({ running, limitMs = LIMIT_MS }: WatchdogOptions): Watchdog {
  const beats = new Int32Array(new SharedArrayBuffer(12));
  const text = new SharedArrayBuffer(2 * TEXT_BYTES);
  const last = Buffer.from(text, 0, TEXT_BYTES);
  const all = Buffer.from(text, TEXT_BYTES);
  const worker = new Worker(WATCH, {
    eval: true,
    workerData: { beats, text, limitMs },
    resourceLimits: { maxOldGenerationSizeMb: 8, maxYoungGenerationSizeMb: 2, stackSizeMb: 1 },
    execArgv: [],
    env: {},
  });
  worker.unref();
  const beat = (): void => {
    Atomics.add(beats, 0, 1);
    Atomics.store(beats, 2, all.write(running().join(', ')));
  };
  const timer = setInterval(beat, Math.min(BEAT_MS, limitMs / 20)).unref();
  return {
    note: (runId, stepId) => void Atomics.store(beats, 1, last.write(`${runId} ${stepId}`)),
    stop: async () => {
      clearInterval(timer);
      await worker.terminate();
    },
  };
}
