import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { fileURLToPath } from 'node:url';
import { QuickJS } from 'quickjs-wasi';
import { type Figure, median, underLimit, withinFloor } from '../figure.ts';
import { call } from '../process/call.ts';
import { startServer } from '../process/child.ts';
import { temporaryFolder } from '../process/temporary-folder.ts';

const STEPS = 40;
const WARM_UP = 10;
const PASSES = 30;
const SOURCE = 'const fibo = (n) => (n < 2 ? n : fibo(n - 1) + fibo(n - 2));\nreturn fibo(10);';
const EXPECTED = 55;
/** A journal row of about this size is committed after each step. */
const ROW_BYTES = 500;

/** A run of 40 code nodes in a row, each with its own commit, against as many bare commits and bare evaluations. */
export async function fib40(): Promise<Figure[]> {
  using folder = temporaryFolder();
  await using server = await startServer(folder.path);
  const url = await publish(server.address);
  const floor = await bareWork(join(folder.path, 'floor.db'));
  const passes = { value: [] as number[], floor: [] as number[] };
  for (let pass = -WARM_UP; pass < PASSES; pass++) {
    const [value, bare] = [await timed(() => runOnce(url)), await timed(floor)];
    if (pass < 0) continue;
    passes.value.push(value);
    passes.floor.push(bare);
  }
  const value = median(passes.value);
  return [withinFloor('fib-40', 'ms', { value, floor: median(passes.floor), goal: 2 }), underLimit('fib-40-time', 'ms', { value, goal: 100 })];
}

async function publish(address: string): Promise<string> {
  const keys = Array.from({ length: STEPS }, (_, index) => `step${index}`);
  const at = (id: string, type: string, params: object) => ({ id, type, position: { x: 0, y: 0 }, data: { key: id, title: id, typeVersion: 1, params } });
  const all = ['start', ...keys, 'reply'];
  const graph = {
    nodes: [
      at('start', 'input', { schema: {}, samples: [] }),
      ...keys.map((key) => at(key, 'code', { source: SOURCE })),
      at('reply', 'output', { value: `{{ steps.step${STEPS - 1} }}` }),
    ],
    edges: all.slice(1).map((target, index) => ({ id: target, source: all[index], sourceHandle: 'out', target, targetHandle: 'in' })),
  };
  const { id } = await call<{ id: string }>(address, 'POST', '/api/workflows', { name: 'Fibonacci', graph });
  await call(address, 'POST', `/api/workflows/${id}/publish`);
  return (await call<{ url: string }>(address, 'GET', `/api/workflows/${id}/webhook`)).url;
}

async function runOnce(url: string): Promise<void> {
  const reply = await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{}' });
  const text = await reply.text();
  if (text !== String(EXPECTED)) throw new Error(`The run returned ${reply.status} ${text.slice(0, 300)}`);
}

/** As many single commits at `synchronous=FULL`, and evaluations in new realms, one after another. */
async function bareWork(file: string): Promise<() => Promise<void>> {
  const wasm = await compile(await readFile(fileURLToPath(import.meta.resolve('quickjs-wasi/quickjs.wasm'))));
  const db = new DatabaseSync(file);
  db.exec('PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; CREATE TABLE row (id INTEGER PRIMARY KEY, doc TEXT NOT NULL)');
  const insert = db.prepare('INSERT INTO row (doc) VALUES (?)');
  const doc = 'x'.repeat(ROW_BYTES);
  return async () => {
    for (let step = 0; step < STEPS; step++) {
      const vm = await QuickJS.create({ wasm, memoryLimit: 64 * 1024 * 1024 });
      const result = vm.evalCode(`(() => { ${SOURCE} })()`).toNumber();
      vm.dispose();
      if (result !== EXPECTED) throw new Error(`The bare evaluation returned ${result}`);
      insert.run(doc);
    }
  };
}

/** TypeScript knows WebAssembly only with the DOM. */
declare const WebAssembly: { compile(bytes: Uint8Array): Promise<never> };
const compile = (bytes: Buffer): Promise<never> => WebAssembly.compile(new Uint8Array(bytes));

async function timed(work: () => Promise<void>): Promise<number> {
  const began = performance.now();
  await work();
  return performance.now() - began;
}
