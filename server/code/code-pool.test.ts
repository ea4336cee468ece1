import { runInNewContext } from 'node:vm';
import { isAppError } from '@switchyard/shared/errors.ts';
import { afterAll, describe, expect, it } from 'vitest';
import { createCodePool } from './code-pool.ts';
import type { CodeRequest } from './code-thread.ts';

const pool = createCodePool({ size: 2 });
afterAll(() => pool.close());

const NOW = Date.UTC(2026, 0, 5, 10);
const SCOPE = { input: { list: [1, 2, 3], tag: 'ä' }, steps: { draft: { text: 'Dear Ada' } }, vars: { brand: 'Nordlicht' } };

const run = (source: string, more: Partial<CodeRequest> & { readonly data?: unknown } = {}) => {
  const { data = SCOPE, ...rest } = more;
  return pool.run({ source, scope: JSON.stringify(data), now: NOW, seed: 'run_1 js#1', timeoutMs: 5_000, group: 'a', ...rest });
};
const outputOf = async (source: string, more: Parameters<typeof run>[1] = {}): Promise<unknown> => {
  const { outcome } = await run(source, more);
  if ('error' in outcome) throw outcome.error;
  return outcome.output;
};
const faultOf = async (source: string, more: Parameters<typeof run>[1] = {}) => {
  const { outcome } = await run(source, more);
  if (!('error' in outcome)) throw new Error(`It returned ${JSON.stringify(outcome.output).slice(0, 100)}`);
  expect(outcome.error.code).toBe('code-failed');
  return { message: outcome.error.message, ...outcome.error.details };
};

describe('what code returns', () => {
  it.each([
    ['return { sum: input.list.reduce((a, b) => a + b), tag: input.tag };', { sum: 6, tag: 'ä' }],
    ['return steps.draft.text + vars.brand;', 'Dear AdaNordlicht'],
    ['const double = (n: number): number => n * 2;\nreturn double(21) as number;', 42],
    ['return new Set<number>(input.list).size;', 3],
    ['return (await Promise.all([1, Promise.resolve(2)])).length;', 2],
    ['return [undefined, NaN, new Date(), () => 1];', [null, null, '2026-01-05T10:00:00.000Z', null]],
    ['const nothing = 1;', null],
    ['return { ["__proto__"]: 1 };', JSON.parse('{"__proto__": 1}')],
    ['return eval("1 + 1");', 2],
    ['return [this, typeof item, typeof index].join();', ',undefined,undefined'],
  ])('%s', async (source, expected) => {
    expect(await outputOf(source)).toEqual(expected);
  });

  it('reads item and index inside a for-each', async () => {
    expect(await outputOf('return item.n + index;', { data: { item: { n: 4 }, index: 2 } })).toBe(6);
  });

  it('keeps data with the names of built-ins as data', async () => {
    const data = JSON.parse('{"input": {"__proto__": {"a": 1}, "constructor": 2, "toJSON": 3}, "steps": {}, "vars": {}}');
    expect(await outputOf('return input;', { data })).toEqual(data.input);
  });
});

describe('repetition', () => {
  it('sees the same time and the same random numbers', async () => {
    const source = 'return [Date.now(), Math.random(), Math.random(), new Date().toString()];';
    const [first, again, other] = [await outputOf(source), await outputOf(source), await outputOf(source, { seed: 'run_2 js#1' })];
    expect(again).toEqual(first);
    expect((other as unknown[])[0]).toBe(NOW);
    expect((other as unknown[])[1]).not.toBe((first as unknown[])[1]);
  });

  it('begins without anything an earlier evaluation left', async () => {
    await outputOf('globalThis.left = 1; Array.prototype.map = () => "evil"; Object.prototype.x = 1; Math.random = () => 0; return 1;');
    expect(await outputOf('return [typeof left, [1].map((n) => n + 1), {}.x, Math.random() > 0];')).toEqual(['undefined', [2], null, true]);
  });
});

/** What the sandbox has besides the language. */
const ALLOWED = new Set(['DOMException', 'InternalError', 'atob', 'btoa', 'console', 'queueMicrotask']);

describe('what code reaches', () => {
  it('is its scope, the language, and little else', async () => {
    const names = (await outputOf('return Object.getOwnPropertyNames(globalThis).sort();')) as string[];
    const language = runInNewContext('Object.getOwnPropertyNames(globalThis)') as string[];
    expect(names.filter((name) => !language.includes(name) || name === 'console')).toEqual([...ALLOWED]);
  });

  it('is no name of Node and no browser API, by whatever way it is looked up', async () => {
    const ours = Object.getOwnPropertyNames(globalThis);
    const language = runInNewContext('Object.getOwnPropertyNames(globalThis)') as string[];
    const others =
      'require module exports __dirname __filename window document self XMLHttpRequest WebSocket Worker indexedDB localStorage std os print take scriptArgs'.split(
        ' ',
      );
    const names = [...new Set([...ours, ...others, 'WebAssembly', 'Atomics'])].filter(
      (name) => !ALLOWED.has(name) && (!language.includes(name) || name === 'WebAssembly' || name === 'Atomics'),
    );
    const source = `return input.filter((name) => typeof globalThis[name] !== 'undefined' || Function('return typeof ' + name)() !== 'undefined' || eval('typeof ' + name) !== 'undefined' || (async () => {}).constructor('return typeof ' + name) === undefined);`;
    expect(names.length).toBeGreaterThan(60);
    expect(await outputOf(source, { data: { input: names } })).toEqual([]);
  });

  it('is no module', async () => {
    expect((await faultOf('return await import("node:fs");')).message).toContain('node:fs');
    expect((await faultOf('return helpers.x;', { helpers: 'import fs from "node:fs";\nexport const x = 1;' })).message).toContain('node:fs');
  });

  it('is nothing of the host through the constructors of what it got', async () => {
    expect(await outputOf('return input.constructor.constructor("return typeof process")() + console.log.constructor("return typeof process")();')).toBe(
      'undefinedundefined',
    );
  });
});

describe('failures', () => {
  it.each([
    ['\nconst x = input.nope.deep;', { message: expect.stringContaining("TypeError: cannot read property 'deep' of undefined"), line: 2, column: 11 }],
    ['const x: number = ;', { message: expect.stringContaining('Syntax error: Expression expected'), line: 1, column: 19 }],
    ['return 1;\n}', { message: expect.stringContaining('Syntax error'), line: 2 }],
    ['enum A { B }\nreturn A.B;', { message: expect.stringContaining('TypeScript enum is not supported'), line: 1, column: 1 }],
    ['undeclared = 1;', { message: expect.stringContaining('ReferenceError: undeclared is not defined'), line: 1 }],
    ['await null;\nthrow new RangeError("late");', { message: expect.stringContaining('RangeError: late'), line: 2 }],
    ['throw "boom";', { message: 'The code threw boom' }],
    ['throw { code: 5 };', { message: 'The code threw {"code":5}' }],
    ['return () => 1;', { message: 'The code returned a function. Return a JSON value.' }],
    ['const a = {}; a.a = a; return a;', { message: 'The returned value contains itself, so it isn’t JSON.' }],
    ['return { n: 10n };', { message: 'The returned value contains a BigInt. Return a number or text.' }],
    ['return "x".repeat(17 * 1024 * 1024);', { message: 'The code returned more than 16 MB. Return only what later nodes need.' }],
    ['return "x".repeat(100e6);', { message: expect.stringContaining('more than 64 MB of memory') }],
    ['const all = [];\nfor (;;) all.push(new Array(1000).fill(1));', { message: expect.stringContaining('more than 64 MB of memory') }],
    ['try { const all = []; for (;;) all.push("x".repeat(1000) + all.length); } catch { return "caught"; }', { message: expect.stringContaining('64 MB') }],
    ['const f = (n) => f(n + 1) + 1;\nreturn f(0);', { message: expect.stringContaining('Maximum call stack size exceeded') }],
    ['let a = [];\nfor (let i = 0; i < 30000; i++) a = [a];\nreturn a;', { message: expect.stringMatching(/call stack|too deeply|longer than 5 s/) }],
    ['return JSON.parse("[".repeat(200000));', { message: expect.stringMatching(/call stack|too deeply/) }],
    ['await new Promise(() => {});', { message: 'The code waits for something that never happens: there are no timers and no network.' }],
    ['throw new (class extends Error { get name() { throw 2; } })();', { message: 'The code threw a value that can’t be read.' }],
    ['throw new Proxy({}, { get() { throw 1; } });', { message: expect.any(String) }],
  ])('%s', async (source, expected) => {
    expect(await faultOf(source)).toMatchObject(expected);
  });

  it.each([
    ['never ends', 'for (;;);'],
    ['never ends in a promise', 'const again = () => Promise.resolve().then(again);\nawait again();'],
    ['never ends while its result is written', 'return { toJSON() { for (;;); } };'],
    ['never ends while its error is read', 'throw new (class extends Error { get stack() { for (;;); } })();'],
    ['makes one long native call', 'return /^(a+)+$/.test("a".repeat(60) + "b");'],
  ])('ends code that %s, and evaluates the next', async (_, source) => {
    expect((await faultOf(source, { timeoutMs: 150 })).message).toBe('The code ran longer than 0.15 s.');
    expect(await outputOf('return 1;')).toBe(1);
  });
});

describe('console', () => {
  it('is kept in order, with its levels', async () => {
    const { console } = await run('console.log("a", { b: [1] }, null, undefined); console.warn(new TypeError("bad")); console.error(Symbol("s"));');
    expect(console).toEqual([
      { level: 'log', text: 'a {"b":[1]} null undefined' },
      { level: 'warn', text: 'TypeError: bad' },
      { level: 'error', text: 'Symbol(s)' },
    ]);
  });

  it('is kept of code that fails or never ends', async () => {
    expect((await run('console.log("before"); null.x;')).console).toEqual([{ level: 'log', text: 'before' }]);
    expect((await run('console.log("before"); for (;;);', { timeoutMs: 100 })).console).toEqual([{ level: 'log', text: 'before' }]);
  });

  it('is bounded', async () => {
    const { console, leftOut } = await run('for (let i = 0; i < 500; i++) console.log(i); console.log("x".repeat(1e6));');
    expect([console.length, leftOut]).toEqual([100, 401]);
    expect((await run('console.log("x".repeat(1e6));')).console[0]?.text.length).toBe(2_001);
  });
});

describe('helpers', () => {
  const helpers = 'export const double = (n: number): number => n * 2;\nexport function deep(value) {\n  return value.a.b;\n}\nexport default 7;';

  it('are called by their names', async () => {
    expect(await outputOf('return [helpers.double(21), helpers.default, typeof helpers.nope];', { helpers })).toEqual([42, 7, 'undefined']);
  });

  it('report their own lines', async () => {
    expect(await faultOf('return helpers.deep({});', { helpers })).toMatchObject({ line: 3, inHelpers: true });
    expect(await faultOf('return 1;', { helpers: 'export const = 1;' })).toMatchObject({
      line: 1,
      inHelpers: true,
      message: expect.stringContaining('helpers'),
    });
  });
});

describe('threads', () => {
  it('give each group its turn', async () => {
    const order: string[] = [];
    const small = createCodePool({ size: 1 });
    const job = async (group: string) => {
      await small.run({ source: 'return 1;', scope: '{}', now: NOW, seed: '', timeoutMs: 5_000, group });
      order.push(group);
    };
    await Promise.all([job('a'), job('a'), job('a'), job('b')]);
    small.close();
    expect(order.indexOf('b')).toBeLessThan(3);
  });

  it('stop for a signal, before and during an evaluation', async () => {
    const reason = new Error('stop');
    const queued = new AbortController();
    const running = new AbortController();
    const small = createCodePool({ size: 1 });
    const ask = (source: string, signal?: AbortSignal) => small.run({ source, scope: '{}', now: NOW, seed: '', timeoutMs: 60_000, group: 'a', signal });
    const endless = ask('for (;;);', running.signal);
    const waiting = ask('return 1;', queued.signal);
    queued.abort(reason);
    await expect(waiting).rejects.toBe(reason);
    running.abort(reason);
    await expect(endless).rejects.toBe(reason);
    expect((await ask('return 2;')).outcome).toEqual({ output: 2 });
    small.close();
  });

  it('end when the pool closes', async () => {
    const small = createCodePool({ size: 2 });
    const ask = (source: string) => small.run({ source, scope: '{}', now: NOW, seed: '', timeoutMs: 60_000, group: 'a' });
    const endless = ask('for (;;);');
    expect((await ask('return 1;')).outcome).toEqual({ output: 1 });
    small.close();
    const { outcome } = await endless;
    expect('error' in outcome && isAppError(outcome.error, 'cancelled')).toBe(true);
    await expect(ask('return 1;')).rejects.toMatchObject({ code: 'cancelled' });
  });
});
