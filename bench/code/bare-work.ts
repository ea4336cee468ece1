import { readFile } from 'node:fs/promises';
import { DatabaseSync } from 'node:sqlite';
import { fileURLToPath } from 'node:url';
import { QuickJS } from 'quickjs-wasi';

export const SOURCE = 'const fibo = (n) => (n < 2 ? n : fibo(n - 1) + fibo(n - 2));\nreturn fibo(10);';
export const EXPECTED = 55;
/** A journal row of about this size is committed after each step. */
const ROW_BYTES = 500;

/** As many single commits at `synchronous=FULL`, and evaluations in new realms, one after another. */
export async function bareWork(file: string, steps: number): Promise<() => Promise<void>> {
  const wasm = await compile(await readFile(fileURLToPath(import.meta.resolve('quickjs-wasi/quickjs.wasm'))));
  const db = new DatabaseSync(file);
  db.exec('PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; CREATE TABLE row (id INTEGER PRIMARY KEY, doc TEXT NOT NULL)');
  const insert = db.prepare('INSERT INTO row (doc) VALUES (?)');
  const doc = 'x'.repeat(ROW_BYTES);
  return async () => {
    for (let step = 0; step < steps; step++) {
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

export async function timed(work: () => Promise<void>): Promise<number> {
  const began = performance.now();
  await work();
  return performance.now() - began;
}
