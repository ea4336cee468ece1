/**
 * The part of Chromium's trace that we read: https://docs.google.com/document/d/1CvAClvFfyA5R-PhYUmn5OOQtYMH4h6I0nSsKchNAySU (times in µs).
 */
interface TraceEvent {
  readonly name: string;
  readonly ph: string;
  readonly pid: number;
  readonly tid: number;
  readonly ts: number;
  readonly dur?: number;
  /** The part of `dur` that the thread was on a processor, excluding other load on the machine. */
  readonly tdur?: number;
  readonly args?: { readonly name?: string };
}

/** Categories that the measurement needs. Each additional one would cost main-thread time. */
export const TRACE_CATEGORIES = ['toplevel', 'devtools.timeline.frame', 'disabled-by-default-devtools.timeline.frame'];

const FRAME = 'BeginMainThreadFrame';
const TASK = 'ThreadControllerImpl::RunTask';

/** How many frames the page’s main thread began per second. */
export function frameRate(trace: string): number {
  const { traceEvents } = JSON.parse(trace) as { traceEvents: TraceEvent[] };
  const main = busiestMainThread(traceEvents);
  const begins = traceEvents.filter(({ pid, tid, name }) => pid === main.pid && tid === main.tid && name === FRAME).map(({ ts }) => ts);
  const [first, last] = [Math.min(...begins), Math.max(...begins)];
  return ((begins.length - 1) * 1_000_000) / (last - first);
}

/** ms of main-thread work in each frame: everything from the start of one frame to the start of the next. */
export function workPerFrame(trace: string): number[] {
  const { traceEvents } = JSON.parse(trace) as { traceEvents: TraceEvent[] };
  const main = busiestMainThread(traceEvents);
  const own = traceEvents.filter(({ pid, tid }) => pid === main.pid && tid === main.tid).sort((a, b) => a.ts - b.ts);
  const begins = own.filter(({ name }) => name === FRAME).map(({ ts }) => ts);
  const frames = new Array<number>(Math.max(0, begins.length - 1)).fill(0);
  let frame = -1;
  let taskEnd = 0;
  for (const { name, ts, dur, tdur } of own) {
    while (begins[frame + 1] !== undefined && (begins[frame + 1] ?? 0) <= ts) frame++;
    // Nested tasks are counted with the outer one.
    if (name !== TASK || dur === undefined || ts < taskEnd) continue;
    taskEnd = ts + dur;
    const taken = frameOf(begins, frame, taskEnd);
    if (taken >= 0 && taken < frames.length) frames[taken] = (frames[taken] ?? 0) + (tdur ?? dur) / 1_000;
  }
  return frames;
}

/** ms of the page's main-thread work during the trace. */
export function workInAll(trace: string): number {
  const { traceEvents } = JSON.parse(trace) as { traceEvents: TraceEvent[] };
  const main = busiestMainThread(traceEvents);
  const tasks = traceEvents.filter(({ pid, tid, name, dur }) => pid === main.pid && tid === main.tid && name === TASK && dur !== undefined);
  let taskEnd = 0;
  let work = 0;
  for (const { ts, dur = 0, tdur } of tasks.sort((a, b) => a.ts - b.ts)) {
    if (ts < taskEnd) continue;
    taskEnd = ts + dur;
    work += (tdur ?? dur) / 1_000;
  }
  return work;
}

/** The frame of a task: the one that begins within the task, if any, because the task then draws it. */
function frameOf(begins: readonly number[], current: number, taskEnd: number): number {
  return (begins[current + 1] ?? Number.POSITIVE_INFINITY) < taskEnd ? current + 1 : current;
}

/** Several renderers may be alive; ours is the one that draws. */
function busiestMainThread(events: readonly TraceEvent[]): { pid: number; tid: number } {
  const counts = new Map<string, { pid: number; tid: number; frames: number }>();
  for (const { name, pid, tid } of events) {
    if (name !== FRAME) continue;
    const key = `${pid}:${tid}`;
    const seen = counts.get(key) ?? { pid, tid, frames: 0 };
    seen.frames++;
    counts.set(key, seen);
  }
  const [busiest] = [...counts.values()].sort((a, b) => b.frames - a.frames);
  if (!busiest) throw new Error('The browser drew no frame during the trace.');
  return busiest;
}
