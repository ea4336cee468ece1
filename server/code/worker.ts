import { parentPort, workerData } from 'node:worker_threads';
import { cachedByText } from '@switchyard/shared/expression/cached-by-text.ts';
import { limitConsole } from './console-limit.ts';
import type { Engine } from './load-engine.ts';
import type { CodeJob, FromWorker } from './protocol.ts';
import { CodeError, createRealm } from './realm.ts';
import { type Part, prepareSource } from './source.ts';

/*
 * A thread that evaluates user code, one job at a time. The realm of the next job is created ahead of it, because that takes longer than
 * most code.
 */

const port = parentPort;
if (!port) throw new Error('This file is the entry of a worker thread.');
const { engine } = workerData as { readonly engine: Engine };

const say = (message: FromWorker): void => port.postMessage(message);

const MOST_SOURCES = { max: 200, maxSize: 4_000_000 };
const preparer = (part: Part) => cachedByText(MOST_SOURCES, (source) => prepareSource(part, source));
const sources = { code: preparer('code'), helpers: preparer('helpers') };

async function prepare() {
  const output = limitConsole((line) => say({ kind: 'console', line }));
  return { output, realm: await createRealm(engine, output.print) };
}

// Loads the compiler of types now: ending the thread in the middle of that could end the process.
sources.code('');
let next = prepare();

port.on('message', async ({ source, helpers, ...job }: CodeJob) => {
  const { output, realm } = await next;
  say({ kind: 'started' });
  const began = performance.now();
  const ended = () => ({ ms: performance.now() - began, leftOut: output.leftOut() });
  try {
    const json = await realm.evaluate(job, sources.code(source), helpers === undefined ? undefined : sources.helpers(helpers));
    say({ kind: 'done', output: json, ...ended() });
  } catch (thrown) {
    if (!(thrown instanceof CodeError)) throw thrown;
    say({ kind: 'failed', fault: thrown.fault, ...ended() });
  }
  next = prepare();
});
