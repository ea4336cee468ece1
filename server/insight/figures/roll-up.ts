import type { ExceptionPath, PackedRollUp } from '../../store/insight/insight-collections.ts';
import {
  addCounters,
  addFigures,
  type Counters,
  type Figures,
  noCounters,
  noFigures,
  packCounters,
  packFigures,
  readCounters,
  readFigures,
} from './figures.ts';
import { addHistogram, type Histogram, packHistogram, readHistogram } from './histogram.ts';

/*
 * The figures of one workflow in one hour or day, by version, tenant, served target, exception path, and reviewer. Merging is commutative, so
 * hours add up to days and to any range. Bounded when it is stored: of each list, the entries with the most runs; the rest is added up under
 * `OTHER`, or for exception paths only counted.
 */

export const OTHER = '(other)';
export const NO_TENANT = '(none)';

/** Parts of an hour, for windows of minutes. */
export const SLOTS = 12;

const MOST = { versions: 40, tenants: 200, targets: 50, exceptions: 100, reviewers: 100 } as const;
/** In memory. More names than this in an hour are added up at once. */
const MOST_NAMES = 10_000;

export interface ReviewerFigures {
  decided: number;
  judged: number;
  changed: number;
  overrides: number;
  /** From when a review was opened until it was decided, in ms. */
  readonly ms: Histogram;
}

export interface RollUp {
  readonly versions: Map<string, Figures>;
  /** Only of an hour: its parts, for all versions. */
  readonly slots: Map<number, Figures>;
  readonly tenants: Map<string, Counters>;
  readonly targets: Map<string, Counters>;
  readonly exceptions: Map<string, ExceptionPath>;
  otherExceptions: number;
  readonly reviewers: Map<string, ReviewerFigures>;
}

export const noRollUp = (): RollUp => ({
  versions: new Map(),
  slots: new Map(),
  tenants: new Map(),
  targets: new Map(),
  exceptions: new Map(),
  otherExceptions: 0,
  reviewers: new Map(),
});

/** The entry of this name, created if it is the first. */
export function entryOf<K, T>(map: Map<K, T>, name: K, make: () => T, other?: K): T {
  const found = map.get(name);
  if (found) return found;
  if (other !== undefined && name !== other && map.size >= MOST_NAMES) return entryOf(map, other, make);
  const made = make();
  map.set(name, made);
  return made;
}

export const noReviewer = (): ReviewerFigures => ({ decided: 0, judged: 0, changed: 0, overrides: 0, ms: new Map() });

export const versionIn = ({ versions }: RollUp, version: string): Figures => entryOf(versions, version, noFigures, OTHER);
export const tenantIn = ({ tenants }: RollUp, tenant: string): Counters => entryOf(tenants, tenant, noCounters, OTHER);
export const targetIn = ({ targets }: RollUp, target: string): Counters => entryOf(targets, target, noCounters, OTHER);
export const reviewerIn = ({ reviewers }: RollUp, name: string): ReviewerFigures => entryOf(reviewers, name, noReviewer, OTHER);

export function addException(to: RollUp, path: ExceptionPath): void {
  const key = `${path.nodeKey}\n${path.port}`;
  const known = to.exceptions.get(key);
  if (!known && to.exceptions.size >= MOST_NAMES) to.otherExceptions += path.runs;
  else to.exceptions.set(key, known ? { ...path, runs: known.runs + path.runs, last: laterOf(known.last, path.last) } : path);
}

/** Ties go by ID, so the order of adding doesn’t matter. */
const laterOf = (one: ExceptionPath['last'], other: ExceptionPath['last']): ExceptionPath['last'] =>
  one.at > other.at || (one.at === other.at && one.runId > other.runId) ? one : other;

function addReviewer(to: ReviewerFigures, from: ReviewerFigures): void {
  to.decided += from.decided;
  to.judged += from.judged;
  to.changed += from.changed;
  to.overrides += from.overrides;
  addHistogram(to.ms, from.ms);
}

/** Adds everything but the parts of hours. */
export function addRollUp(to: RollUp, from: RollUp): void {
  for (const [name, figures] of from.versions) addFigures(versionIn(to, name), figures);
  for (const [name, counters] of from.tenants) addCounters(tenantIn(to, name), counters);
  for (const [name, counters] of from.targets) addCounters(targetIn(to, name), counters);
  for (const path of from.exceptions.values()) addException(to, path);
  to.otherExceptions += from.otherExceptions;
  for (const [name, figures] of from.reviewers) addReviewer(reviewerIn(to, name), figures);
}

/** The entries with the highest weight, by name, and the rest added up. */
function bounded<T>(map: ReadonlyMap<string, T>, most: number, weight: (value: T) => number, make: () => T, add: (to: T, from: T) => void): [string, T][] {
  const byName = ([one]: readonly [string, T], [other]: readonly [string, T]): number => (one < other ? -1 : 1);
  const all = [...map];
  if (all.length <= most) return all.sort(byName);
  const named = all.filter(([name]) => name !== OTHER).sort((one, other) => weight(other[1]) - weight(one[1]) || byName(one, other));
  const rest = make();
  for (const [, value] of [...named.slice(most - 1), ...all.filter(([name]) => name === OTHER)]) add(rest, value);
  return [...named.slice(0, most - 1).sort(byName), [OTHER, rest]];
}

const weightOf = ({ runs, calls, costNanos }: Counters): number => runs + calls + costNanos / 1e15;

export function packRollUp(rollUp: RollUp): PackedRollUp {
  const { versions, slots, tenants, targets, exceptions, reviewers } = rollUp;
  const paths = [...exceptions.values()].sort(
    (one, other) => other.runs - one.runs || (`${one.nodeKey}\n${one.port}` < `${other.nodeKey}\n${other.port}` ? -1 : 1),
  );
  const left = paths.slice(MOST.exceptions).reduce((sum, { runs }) => sum + runs, 0);
  return {
    versions: bounded(versions, MOST.versions, ({ counters }) => weightOf(counters), noFigures, addFigures).map(([name, figures]) => [
      name,
      packFigures(figures),
    ]),
    ...(slots.size > 0 && { slots: [...slots].sort(([a], [b]) => a - b).map(([slot, figures]) => [slot, packFigures(figures)] as const) }),
    tenants: bounded(tenants, MOST.tenants, weightOf, noCounters, addCounters).map(([name, counters]) => [name, packCounters(counters)]),
    targets: bounded(targets, MOST.targets, weightOf, noCounters, addCounters).map(([name, counters]) => [name, packCounters(counters)]),
    exceptions: paths.slice(0, MOST.exceptions),
    otherExceptions: rollUp.otherExceptions + left,
    reviewers: bounded(reviewers, MOST.reviewers, ({ decided }) => decided, noReviewer, addReviewer).map(
      ([name, { decided, judged, changed, overrides, ms }]) => [name, [[decided, judged, changed, overrides], packHistogram(ms)]] as const,
    ),
  };
}

/** Adds a stored roll-up, without the parts of an hour. */
export function addPacked(to: RollUp, packed: PackedRollUp): void {
  for (const [name, figures] of packed.versions) addFigures(versionIn(to, name), readFigures(figures));
  for (const [name, counters] of packed.tenants) addCounters(tenantIn(to, name), readCounters(counters));
  for (const [name, counters] of packed.targets) addCounters(targetIn(to, name), readCounters(counters));
  for (const path of packed.exceptions) addException(to, path);
  to.otherExceptions += packed.otherExceptions;
  for (const [name, [[decided = 0, judged = 0, changed = 0, overrides = 0], ms]] of packed.reviewers)
    addReviewer(reviewerIn(to, name), { decided, judged, changed, overrides, ms: readHistogram(ms) });
}
