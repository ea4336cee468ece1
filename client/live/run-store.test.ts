import type { WatchAck, WatchRun } from '@switchyard/shared/realtime/protocol.ts';
import type { JournalEvent } from '@switchyard/shared/run/events.ts';
import { beforeEach, describe, expect, it } from 'vitest';
import { addDelta, deltaKey, deltas } from './deltas.ts';
import { addFallback, fallbackOf, fallbacks } from './fallbacks.ts';
import { type RunSocket, RunWatcher } from './run-store.ts';

type Listener = (value?: unknown) => void;

/** A test socket: records what was emitted, and emits server messages. */
class TestSocket {
  connected = true;
  readonly watches: WatchRun[] = [];
  readonly unwatched: string[] = [];
  readonly #listeners = new Map<string, Set<Listener>>();
  ack: WatchAck = { ok: true, head: 0 };

  readonly on = (name: string, listener: Listener) => this.#of(name).add(listener);
  readonly off = (name: string, listener: Listener) => this.#of(name).delete(listener);
  readonly emit = (name: string, value: WatchRun, ack?: (answer: WatchAck) => void) => {
    if (name === 'run:unwatch') this.unwatched.push(value.runId);
    else this.watches.push(value);
    ack?.(this.ack);
  };
  say(name: string, value?: unknown): void {
    for (const listener of [...this.#of(name)]) listener(value);
  }
  events(...events: JournalEvent[]): void {
    this.say('run:events', { runId: 'r1', events });
  }
  #of(name: string): Set<Listener> {
    const known = this.#listeners.get(name) ?? new Set();
    this.#listeners.set(name, known);
    return known;
  }
}

const at = '2026-11-20T10:00:00.000Z';
const started: JournalEvent = { seq: 1, type: 'run-started', at, workflowId: 'w1', version: 'draft', trigger: 'canvas', labels: {}, graphHash: 'h' };
const stepStarted = (seq: number, key: string): JournalEvent => ({
  seq,
  type: 'step-started',
  at,
  stepId: `${key}#1`,
  nodeKey: key,
  nodeType: 'prompt',
  round: 1,
  attempt: 1,
  effect: 'pure',
  input: {},
});
const stepFinished = (seq: number, key: string): JournalEvent => ({ seq, type: 'step-finished', at, stepId: `${key}#1`, output: key, port: null });

let frames: (() => void)[] = [];
const frame = () => {
  const due = frames;
  frames = [];
  for (const task of due) task();
};

function watch(runId = 'r1') {
  const socket = new TestSocket();
  const watcher = new RunWatcher(runId, socket as unknown as RunSocket, (task) => frames.push(task));
  watcher.open();
  return { socket, watcher, read: () => watcher.store.getState() };
}

beforeEach(() => {
  frames = [];
});

describe('RunWatcher', () => {
  it('requests all events, then publishes them', () => {
    const { socket, read } = watch();
    expect(socket.watches).toEqual([{ runId: 'r1', fromSeq: 1, brief: { whole: [] } }]);
    socket.events(started, stepStarted(2, 'a'));
    frame();
    expect(read()).toMatchObject({ phase: 'live' });
    expect(read().state.steps.get('a#1')?.status).toBe('running');
  });

  it('publishes once per frame, however many batches arrive', () => {
    const { socket, watcher } = watch();
    frame();
    let published = 0;
    watcher.store.subscribe(() => published++);
    socket.events(started);
    socket.events(stepStarted(2, 'a'));
    socket.events(stepFinished(3, 'a'));
    expect(published).toBe(0);
    frame();
    expect(published).toBe(1);
  });

  it('drops duplicates', () => {
    const { socket, read } = watch();
    socket.events(started, stepStarted(2, 'a'));
    socket.events(stepStarted(2, 'a'), stepFinished(3, 'a'));
    frame();
    expect(read().journal.map(({ seq }) => seq)).toEqual([1, 2, 3]);
  });

  it('takes a brief batch for all events of its range, with what the calls cost that it leaves out', () => {
    const { socket, read } = watch();
    socket.events(started);
    const spent = { usage: { inputTokens: 2, outputTokens: 1 }, costMicros: 5, unknownPrice: 0, demo: true };
    socket.say('run:events', { runId: 'r1', events: [stepStarted(2, 'a')], brief: { from: 2, upTo: 9, spent } });
    frame();
    expect(read()).toMatchObject({ received: 2, state: { seq: 9, costMicros: 5, demo: true } });
    socket.say('run:events', { runId: 'r1', events: [], brief: { from: 12, upTo: 14 } });
    expect(socket.watches.at(-1)).toMatchObject({ fromSeq: 10 });
    socket.say('run:events', { runId: 'r1', events: [stepFinished(12, 'a')], brief: { from: 10, upTo: 14 } });
    frame();
    expect(read()).toMatchObject({ received: 3, state: { seq: 14, costMicros: 5 } });
  });

  it('continues from the last event after a reconnect', () => {
    const { socket, read } = watch();
    socket.events(started, stepStarted(2, 'a'));
    socket.say('connect');
    expect(socket.watches.at(-1)).toEqual({ runId: 'r1', fromSeq: 3, brief: { whole: [] } });
    socket.events(stepFinished(3, 'a'));
    frame();
    expect(read().state.steps.get('a#1')?.output).toBe('a');
  });

  it('requests a missing event instead of skipping it', () => {
    const { socket, read } = watch();
    socket.events(started);
    socket.events(stepFinished(3, 'a'));
    frame();
    expect(read().state.seq).toBe(1);
    expect(socket.watches.at(-1)).toEqual({ runId: 'r1', fromSeq: 2, brief: { whole: [] } });
  });

  it('keeps published snapshots unchanged, and unchanged steps as the same object', () => {
    const { socket, read } = watch();
    socket.events(started, stepStarted(2, 'a'), stepStarted(3, 'b'));
    frame();
    const before = read().state;
    socket.events(stepFinished(4, 'a'));
    frame();
    expect(before.steps.get('a#1')?.status).toBe('running');
    expect(read().state.steps.get('a#1')).not.toBe(before.steps.get('a#1'));
    expect(read().state.steps.get('b#1')).toBe(before.steps.get('b#1'));
  });

  it('ignores other runs', () => {
    const { socket, read } = watch('r2');
    socket.events(started);
    frame();
    expect(read().state.seq).toBe(0);
  });

  it('reports why a run can’t be watched', () => {
    const socket = new TestSocket();
    socket.ack = { error: 'There is no run r1.' };
    const watcher = new RunWatcher('r1', socket as unknown as RunSocket, (task) => frames.push(task));
    watcher.open();
    expect(watcher.store.getState()).toMatchObject({ phase: 'error', error: 'There is no run r1.' });
  });

  it('receives nothing once closed, and continues from there when reopened', () => {
    const { socket, watcher, read } = watch();
    socket.events(started);
    watcher.close();
    expect(socket.unwatched).toEqual(['r1']);
    socket.events(stepStarted(2, 'a'));
    frame();
    expect(read().state.seq).toBe(1);
    watcher.open();
    expect(socket.watches.at(-1)).toEqual({ runId: 'r1', fromSeq: 2, brief: { whole: [] } });
  });
});

describe('the progress of a run', () => {
  const record = { status: 'running', startedAt: at, endedAt: null } as const;
  const ended: JournalEvent = { seq: 3, type: 'run-finished', at: '2026-11-20T10:00:02.000Z', status: 'succeeded' };

  it('comes from its record until its events arrive', () => {
    const { socket, watcher, read } = watch();
    expect(read().progress).toBeUndefined();
    watcher.seed({ status: 'queued', startedAt: '2026-11-20T09:59:59.000Z', endedAt: null });
    frame();
    expect(read().progress).toMatchObject({ status: 'queued', startedAt: '2026-11-20T09:59:59.000Z' });
    socket.events(started);
    frame();
    expect(read().progress).toEqual(record);
  });

  it('is the same object while only steps change', () => {
    const { socket, read } = watch();
    socket.events(started);
    frame();
    const { progress } = read();
    socket.events(stepStarted(2, 'a'));
    frame();
    expect(read().progress).toBe(progress);
  });

  it('does not go back while the journal of an ended run arrives', () => {
    const { socket, watcher, read } = watch();
    const over = { status: 'succeeded', startedAt: at, endedAt: ended.at } as const;
    watcher.seed(over);
    socket.events(started, stepStarted(2, 'a'));
    frame();
    expect(read()).toMatchObject({ state: { status: 'running' }, progress: over });
    socket.events(ended);
    frame();
    expect(read().progress).toEqual(over);
  });

  it('ignores an older record, and takes one of a run that ended while it wasn’t watched', () => {
    const { socket, watcher, read } = watch();
    socket.events(started);
    frame();
    watcher.close();
    watcher.seed({ status: 'queued', startedAt: null, endedAt: null });
    expect(read().progress).toEqual(record);
    watcher.seed({ status: 'failed', startedAt: at, endedAt: ended.at });
    watcher.seed(record);
    expect(read().progress).toEqual({ status: 'failed', startedAt: at, endedAt: ended.at });
  });
});

describe('streamed text', () => {
  const text = (step: string) => deltas.getState().get(deltaKey('r1', step))?.text;
  const add = (stepId: string, callId: string, piece: string) => addDelta({ runId: 'r1', stepId, callId, text: piece }, (task) => frames.push(task));

  it('appears with the next frame, and restarts with a new call', () => {
    add('a#1', 'c1', 'Hel');
    add('a#1', 'c1', 'lo');
    expect(text('a#1')).toBeUndefined();
    frame();
    expect(text('a#1')).toBe('Hello');
    add('a#1', 'c2', 'Again');
    frame();
    expect(text('a#1')).toBe('Again');
  });

  it('restarts if its call starts again', () => {
    add('r#1', 'c1', 'Hel');
    addDelta({ runId: 'r1', stepId: 'r#1', callId: 'c1', text: '', restart: true }, (task) => frames.push(task));
    add('r#1', 'c1', 'Good day');
    frame();
    expect(text('r#1')).toBe('Good day');
  });

  it('is dropped when the step has ended, and so is where its call fell back to', () => {
    const { socket } = watch();
    socket.events(started, stepStarted(2, 'f'));
    const target = { connection: 'Main', model: 'small' };
    addFallback({ runId: 'r1', stepId: 'f#1', callId: 'c1', from: target, to: target, error: { code: 'provider-timeout', message: 'late' } });
    expect(fallbackOf(fallbacks.getState(), 'r1', 'f#1')?.error.code).toBe('provider-timeout');
    socket.events(stepFinished(3, 'f'));
    expect(fallbackOf(fallbacks.getState(), 'r1', 'f#1')).toBeUndefined();
  });

  it('is dropped when the step has ended, pending text included', () => {
    const { socket } = watch();
    socket.events(started, stepStarted(2, 'b'));
    add('b#1', 'c1', 'shown');
    frame();
    add('b#1', 'c1', ', not shown');
    socket.events(stepFinished(3, 'b'));
    frame();
    expect(text('b#1')).toBeUndefined();
  });
});
