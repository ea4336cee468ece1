import type { RouteFiguresView } from '@switchyard/shared/contracts/routes.ts';
import { LRUCache } from 'lru-cache';
import { BINS, binOf, percentile } from './latency-histogram.ts';

/*
 * Figures of routes and their targets over the last hour, by minute, in the memory of this process. Bounded: 60 minutes of counts for the
 * 500 targets and 500 routes used last. They begin with the process, so `since` says what they cover.
 */

const MINUTE_MS = 60_000;
const MINUTES = 60;
const MOST = 500;
const MOST_RECENT = 20;
/** The most that a bin of a histogram can count. */
const MOST_IN_BIN = 65_535;

interface TargetMinute {
  readonly minute: number;
  calls: number;
  failed: number;
  costMicros: number;
  unknownPrice: number;
  readonly latencies: Uint16Array;
}

interface RouteMinute {
  readonly minute: number;
  first: number;
  later: number;
  failed: number;
}

export type RecentFallback = RouteFiguresView['recent'][number];

interface RouteState {
  minutes: RouteMinute[];
  recent: RecentFallback[];
  firstAnsweredAt: number | undefined;
  fallingBackSince: number | undefined;
  warnAfterMs: number | null;
}

export interface TargetName {
  readonly workspaceId: string;
  readonly route: string;
  readonly connectionId: string;
  readonly model: string;
  /** Its index among the targets of the route with the same connection and model. */
  readonly copy: number;
}
type RouteName = Pick<TargetName, 'workspaceId' | 'route'>;

/** When the first target of a route last answered, and since when later ones answer instead. */
export type FallbackState = Pick<RouteFiguresView, 'firstAnsweredAt' | 'fallingBackSince' | 'warning'>;

export type RouteFigures = TargetFigures & FallbackWatch;

export const createRouteFigures = (now: () => number): RouteFigures => ({ ...createTargetFigures(now), ...createFallbackWatch(now) });

interface TargetFigures {
  /** An attempt has ended that reached the provider. */
  noteAttempt(target: TargetName, attempt: { readonly latencyMs: number; readonly failed: boolean; readonly costMicros: number | null }): void;
  ofTarget(target: TargetName): Omit<RouteFiguresView['targets'][number], 'connectionId' | 'model' | 'circuit' | 'retryInMs'>;
}

function createTargetFigures(now: () => number): TargetFigures {
  const targets = new LRUCache<string, TargetMinute[]>({ max: MOST });
  const keyOf = ({ workspaceId, route, connectionId, model, copy }: TargetName): string => JSON.stringify([workspaceId, route, connectionId, model, copy]);
  return {
    noteAttempt: (name, { latencyMs, failed, costMicros }) => {
      const minutes = lastHour(targets.get(keyOf(name)) ?? [], now());
      const current = currentMinute(minutes, now(), { calls: 0, failed: 0, costMicros: 0, unknownPrice: 0, latencies: new Uint16Array(BINS) });
      current.calls++;
      if (failed) current.failed++;
      else current.latencies[binOf(latencyMs)] = Math.min(MOST_IN_BIN, (current.latencies[binOf(latencyMs)] ?? 0) + 1);
      if (costMicros === null) current.unknownPrice++;
      else current.costMicros += costMicros;
      targets.set(keyOf(name), minutes);
    },
    ofTarget: (name) => {
      const minutes = lastHour(targets.peek(keyOf(name)) ?? [], now());
      const sum = (value: (one: TargetMinute) => number): number => minutes.reduce((total, one) => total + value(one), 0);
      const latencies = minutes.map((one) => one.latencies);
      return {
        calls: sum(({ calls }) => calls),
        failed: sum(({ failed }) => failed),
        p50Ms: percentile(latencies, 0.5),
        p95Ms: percentile(latencies, 0.95),
        costMicros: sum(({ costMicros }) => costMicros),
        unknownPrice: sum(({ unknownPrice }) => unknownPrice),
        minutes: everyMinute(minutes, now(), (one) => ({ calls: one?.calls ?? 0, failed: one?.failed ?? 0 })),
      };
    },
  };
}

interface FallbackWatch {
  /** A call has ended. `fallback` is set if a later target answered than the first one that could be tried. */
  noteCall(route: RouteName, call: { readonly answered: boolean; readonly fallback?: Omit<RecentFallback, 'at'>; readonly warnAfterMs: number | null }): void;
  ofRoute(route: RouteName): Omit<RouteFiguresView, 'targets' | 'inProgress'>;
  fallbackOf(route: RouteName): FallbackState;
  /** How many routes fall back for longer than their limit. */
  warnings(): number;
}

function createFallbackWatch(now: () => number): FallbackWatch {
  const startedAt = now();
  const routes = new LRUCache<string, RouteState>({ max: MOST });
  const keyOf = ({ workspaceId, route }: RouteName): string => JSON.stringify([workspaceId, route]);
  const isWarning = ({ fallingBackSince, warnAfterMs }: RouteState): boolean =>
    fallingBackSince !== undefined && warnAfterMs !== null && now() - fallingBackSince >= warnAfterMs;
  const fallbackOf = (name: RouteName): FallbackState => {
    const state = routes.peek(keyOf(name));
    if (!state) return { firstAnsweredAt: null, fallingBackSince: null, warning: false };
    return { firstAnsweredAt: timeOf(state.firstAnsweredAt), fallingBackSince: timeOf(state.fallingBackSince), warning: isWarning(state) };
  };
  return {
    noteCall: (name, { answered, fallback, warnAfterMs }) => {
      const state = routes.get(keyOf(name)) ?? { minutes: [], recent: [], firstAnsweredAt: undefined, fallingBackSince: undefined, warnAfterMs };
      state.warnAfterMs = warnAfterMs;
      state.minutes = lastHour(state.minutes, now());
      const current = currentMinute(state.minutes, now(), { first: 0, later: 0, failed: 0 });
      if (!answered) current.failed++;
      else if (fallback) {
        current.later++;
        state.fallingBackSince ??= now();
        state.recent = [{ ...fallback, at: new Date(now()).toISOString() }, ...state.recent].slice(0, MOST_RECENT);
      } else {
        current.first++;
        state.firstAnsweredAt = now();
        state.fallingBackSince = undefined;
      }
      routes.set(keyOf(name), state);
    },
    ofRoute: (name) => {
      const state = routes.peek(keyOf(name));
      return {
        ...fallbackOf(name),
        since: new Date(Math.max(startedAt, now() - MINUTES * MINUTE_MS)).toISOString(),
        minutes: everyMinute(state?.minutes ?? [], now(), (one) => ({ first: one?.first ?? 0, later: one?.later ?? 0, failed: one?.failed ?? 0 })),
        recent: state?.recent ?? [],
      };
    },
    fallbackOf,
    warnings: () => [...routes.values()].filter(isWarning).length,
  };
}

interface Minute {
  readonly minute: number;
}

const minuteOf = (now: number): number => Math.floor(now / MINUTE_MS);
const lastHour = <T extends Minute>(minutes: readonly T[], now: number): T[] => minutes.filter(({ minute }) => minute > minuteOf(now) - MINUTES);

/** The counts of this minute. If there are none yet, adds empty ones. */
function currentMinute<T extends Minute>(minutes: T[], now: number, empty: Omit<T, 'minute'>): T {
  const last = minutes.at(-1);
  if (last?.minute === minuteOf(now)) return last;
  const current = { ...empty, minute: minuteOf(now) } as T;
  minutes.push(current);
  return current;
}

/** The last hour, oldest first, with minutes without counts filled in. */
function everyMinute<T extends Minute, View>(minutes: readonly T[], now: number, view: (one: T | undefined) => View): View[] {
  const byMinute = new Map(minutes.map((one) => [one.minute, one]));
  return Array.from({ length: MINUTES }, (_, index) => view(byMinute.get(minuteOf(now) - MINUTES + 1 + index)));
}

const timeOf = (at: number | undefined): string | null => (at === undefined ? null : new Date(at).toISOString());
