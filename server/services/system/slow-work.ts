import { SLOW_KINDS, type Slow, type SlowKind } from '@switchyard/shared/contracts/system.ts';
import type { JournalEvent } from '@switchyard/shared/run/events.ts';
import { findStep, type RunState } from '@switchyard/shared/run/state.ts';
import type { Bus } from '../../engine/bus.ts';

/** Shorter work is not listed. */
const SLOW_MS: Readonly<Record<SlowKind, number>> = { 'event-loop': 100, database: 250, 'model-call': 10_000, 'http-call': 5_000 };
/** Whether it took long enough to be listed. */
export const isSlow = (kind: SlowKind, ms: number): boolean => Math.round(ms) >= SLOW_MS[kind];
const HOUR_MS = 3_600_000;
/** How many of each kind are remembered, so some remain when the longest are an hour old. */
const REMEMBERED = 20;
const LISTED = 5;

/** Something that may have taken long. */
export type SlowWork = Pick<Slow, 'kind' | 'what' | 'ms' | 'runId'>;
type SlowAt = Omit<Slow, 'processId'>;
export type SlowList = ReturnType<typeof createSlowList>;

/** Remembers the slowest work of the last hour. */
export function createSlowList(now: () => Date) {
  const known = new Map<SlowKind, readonly SlowAt[]>();
  const recent = (kind: SlowKind): SlowAt[] => {
    const since = new Date(now().getTime() - HOUR_MS).toISOString();
    return (known.get(kind) ?? []).filter(({ at }) => at >= since);
  };
  return {
    note: (work: SlowWork): void => {
      if (!isSlow(work.kind, work.ms)) return;
      const all = [...recent(work.kind), { ...work, ms: Math.round(work.ms), at: now().toISOString() }];
      known.set(work.kind, all.sort(byLength).slice(0, REMEMBERED));
    },
    list: (): SlowAt[] => longestOfEach(SLOW_KINDS.flatMap(recent)),
  };
}

const byLength = (a: Pick<Slow, 'ms'>, b: Pick<Slow, 'ms'>): number => b.ms - a.ms;

/** The longest of each kind, in the order of the kinds. */
export const longestOfEach = <T extends Pick<Slow, 'kind' | 'ms'>>(works: readonly T[]): T[] =>
  SLOW_KINDS.flatMap((kind) =>
    works
      .filter((work) => work.kind === kind)
      .sort(byLength)
      .slice(0, LISTED),
  );

/** Notes slow calls of the runs that this process drives. */
export function watchCalls(bus: Bus, slow: SlowList): void {
  bus.subscribe((message) => {
    if (message.kind !== 'run-committed' || !message.state) return;
    for (const event of message.events) {
      const call = callOf(event, message.state);
      if (call) slow.note({ ...call, runId: message.run.runId });
    }
  });
}

function callOf(event: JournalEvent, state: RunState): Omit<SlowWork, 'runId'> | undefined {
  if ((event.type !== 'call-finished' && event.type !== 'call-failed') || !event.record) return undefined;
  const { record, stepId } = event;
  if (record.kind === 'code') return undefined;
  if (record.kind === 'model') return { kind: 'model-call', what: record.model, ms: record.latencyMs };
  return { kind: 'http-call', what: findStep(state, stepId)?.nodeKey ?? '', ms: record.latencyMs };
}
