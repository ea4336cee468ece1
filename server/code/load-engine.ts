import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';

/** QuickJS, compiled to WebAssembly. */
export interface Engine {
  readonly [Symbol.toStringTag]: string;
}

/** TypeScript knows WebAssembly only with the DOM, which the server doesn’t have. */
declare const WebAssembly: { compile(bytes: Uint8Array): Promise<Engine> };

/** Compiled once, and shared by all threads. */
export const loadEngine = async (): Promise<Engine> =>
  WebAssembly.compile(new Uint8Array(await readFile(createRequire(import.meta.url).resolve('quickjs-wasi/quickjs.wasm'))));
