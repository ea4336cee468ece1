import { createHash } from 'node:crypto';
import type { ConsoleLine } from '@switchyard/shared/run/events.ts';
import { EvalFlags, Intrinsics, JSException, type JSValueHandle, MAX_STACK_SIZE, QuickJS } from 'quickjs-wasi';
import type { Engine } from './load-engine.ts';
import { PRELUDE } from './prelude.ts';
import type { CodeFault, CodeJob } from './protocol.ts';
import { FILES, type PreparedSource, placeIn } from './source.ts';

/*
 * One JavaScript world: a WebAssembly instance with its own memory, used for one evaluation and then thrown away (S73). Inside, there is
 * ECMAScript and `console`, and nothing of the host.
 * It is never disposed of, only dropped: its memory is the host’s to free, and broken inner state can’t hang that.
 * Invariants: 1. Only text passes in and out. 2. Everything read from it may be forged, so it is only ever shown. 3. It may run forever:
 * the owner of the thread ends it.
 */

const MEMORY_BYTES = 64 * 1024 * 1024;
const MOST_MESSAGE = 1_000;

/** Code that failed, with what to show. */
export class CodeError extends Error {
  readonly fault: CodeFault;
  constructor(fault: CodeFault) {
    super(fault.message);
    this.fault = fault;
  }
}

export interface Realm {
  /** Returns JSON. Rejects with CodeError. */
  evaluate(job: Pick<CodeJob, 'scope' | 'now' | 'seed'>, code: PreparedSource, helpers: PreparedSource | undefined): Promise<string>;
}

export async function createRealm(engine: Engine, print: (level: ConsoleLine['level'], text: string) => void): Promise<Realm> {
  const clock = { now: 0 };
  const vm = await QuickJS.create({
    wasm: engine,
    memoryLimit: MEMORY_BYTES,
    maxStackSize: MAX_STACK_SIZE,
    timezoneOffset: 0,
    intrinsics: Intrinsics.ALL & ~Intrinsics.PERFORMANCE,
    wasi: wasiOf(clock),
  });
  const printer = vm.newFunction('print', (level, text) => {
    if (level && text) print(level.toString() as ConsoleLine['level'], text.toString());
    return vm.undefined;
  });
  vm.setProp(vm.global, 'print', printer);
  vm.evalCode(PRELUDE).dispose();
  const inside = vm.callFunction(vm.global.getProp('take'), vm.undefined);
  const [seed, call, write, text] = [inside.getProp('seed'), inside.getProp('call'), inside.getProp('write'), inside.getProp('text')];
  const describe = (handle: JSValueHandle): string => vm.callFunction(text, vm.undefined, handle).toString();

  const run: Realm['evaluate'] = async (job, code, helpers) => {
    clock.now = job.now;
    vm.callFunction(seed, vm.undefined, ...seedOf(job.seed).map((part) => vm.newNumber(part)));
    const exported = helpers ? await settled(vm, compile(vm, helpers, FILES.helpers, EvalFlags.TYPE_MODULE)) : vm.undefined;
    const compiled = compile(vm, code, FILES.code, EvalFlags.STRICT);
    const value = await settled(vm, vm.callFunction(call, vm.undefined, compiled, vm.newString(job.scope), exported));
    return vm.callFunction(write, vm.undefined, value).toString();
  };
  return {
    evaluate: (job, code, helpers) =>
      run(job, code, helpers).catch((thrown: unknown) => {
        throw new CodeError(faultOf(thrown, describe));
      }),
  };
}

/** The WASI error for a missing function. */
const NOT_SUPPORTED = 52;

/** The only things of the host that the engine can ask for: a time that stands still. */
const wasiOf = (clock: { readonly now: number }) => (memory: { readonly buffer: ArrayBuffer }) => ({
  clock_time_get: (_clock: number, _precision: bigint, at: number): number => {
    new DataView(memory.buffer).setBigUint64(at, BigInt(Math.floor(clock.now)) * 1_000_000n, true);
    return 0;
  },
  fd_write: () => NOT_SUPPORTED,
  random_get: () => NOT_SUPPORTED,
});

const SEED_PARTS = [0, 4, 8, 12] as const;

function seedOf(text: string): number[] {
  const hash = createHash('sha256').update(text).digest();
  return SEED_PARTS.map((at) => hash.readInt32LE(at));
}

function compile(vm: QuickJS, source: PreparedSource, file: string, flags: number): JSValueHandle {
  if ('fault' in source) throw new CodeError(source.fault);
  return vm.evalCode(source.text, file, flags);
}

/** A rejected promise’s reason. */
class Rejection {
  readonly reason: JSValueHandle;
  constructor(reason: JSValueHandle) {
    this.reason = reason;
  }
}

const PENDING = 0;

/** The value of a promise; any other value as it is. */
async function settled(vm: QuickJS, value: JSValueHandle): Promise<JSValueHandle> {
  if (!value.isPromise) return value;
  vm.executePendingJobs();
  if (value.promiseState === PENDING) throw new CodeError({ message: 'The code waits for something that never happens: there are no timers and no network.' });
  const result = await vm.resolvePromise(value);
  if ('error' in result) throw new Rejection(result.error);
  return result.value;
}

function faultOf(thrown: unknown, describe: (handle: JSValueHandle) => string): CodeFault {
  if (thrown instanceof CodeError) return thrown.fault;
  if (thrown instanceof JSException || thrown instanceof Rejection) {
    try {
      return faultInside(thrown instanceof JSException ? thrown.handle : thrown.reason, describe);
    } catch {
      return { message: 'The code threw a value that can’t be read.' };
    }
  }
  // The engine’s own functions have overflowed the stack.
  if (thrown instanceof RangeError) return { message: 'The code or its data is nested too deeply.' };
  return { message: `The sandbox stopped: ${thrown instanceof Error ? thrown.message : String(thrown)}` };
}

function faultInside(error: JSValueHandle, describe: (handle: JSValueHandle) => string): CodeFault {
  if (!error.isError) return { message: `The code threw ${shortened(describe(error))}` };
  const said = describe(error);
  const message = said === 'InternalError: out of memory' ? `The code needs more than ${MEMORY_BYTES / 1024 / 1024} MB of memory.` : shortened(said);
  return { message, ...placeIn(error.getProp('stack').toString()) };
}

const shortened = (text: string): string => (text.length > MOST_MESSAGE ? `${text.slice(0, MOST_MESSAGE)}…` : text);
