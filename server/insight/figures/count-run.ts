import { isLiveRun } from '@switchyard/shared/run/facts/live-run.ts';
import { type RunFacts, readFacts } from '@switchyard/shared/run/facts/run-facts.ts';
import type { RunRecord } from '../../store/collections.ts';
import { type Counters, type Figures, noFigures } from './figures.ts';
import { count } from './histogram.ts';
import { addException, entryOf, NO_TENANT, noRollUp, type RollUp, reviewerIn, SLOTS, targetIn, tenantIn, versionIn } from './roll-up.ts';

/*
 * What one run adds to the roll-ups of its hour (S86). A child run adds its cost to the workflow of its outermost run, and what people, models,
 * and nodes did to its own workflow, but no volume.
 */

/** The fields of a run that roll-ups need. All have columns, so the rest of the record isn’t read. */
export const ROLLED_FIELDS = [
  'workflowId',
  'versionText',
  'trigger',
  'status',
  'createdAt',
  'endedAt',
  'costMicros',
  'unknownPrice',
  'parentRunId',
  'costOf',
  'tenant',
  'facts',
  'rating',
  'unrolled',
] as const;
export type RolledRun = Pick<RunRecord, 'id' | (typeof ROLLED_FIELDS)[number]>;

/** The roll-ups of an hour, by workflow. */
export type HourRollUps = Map<string, RollUp>;

const HOUR_MS = 3_600_000;

/** Adds a run that has ended. Others, and those that are not live, add nothing. Returns the workflows whose figures changed. */
export function countRun(hour: HourRollUps, run: RolledRun): readonly string[] {
  const { workflowId, versionText, trigger, endedAt, parentRunId } = run;
  if (endedAt === null || !isLiveRun({ version: versionText, trigger })) return [];
  const facts = readFacts(run.facts);
  const isChild = parentRunId !== null && parentRunId !== undefined;
  const own = entryOf(hour, workflowId, noRollUp);
  const slot = Math.min(SLOTS - 1, Math.floor(((Date.parse(run.createdAt) % HOUR_MS) / HOUR_MS) * SLOTS));
  for (const figures of [versionIn(own, versionText), entryOf(own.slots, slot, noFigures)]) addFacts(figures.counters, facts);
  addFacts(tenantIn(own, run.tenant ?? NO_TENANT), facts);
  addPlaces(own, run, facts);
  const rated = [versionIn(own, versionText).counters, entryOf(own.slots, slot, noFigures).counters, tenantIn(own, run.tenant ?? NO_TENANT)];
  for (const to of [...rated, ...facts.served.map(({ target }) => targetIn(own, target))]) addRating(to, run.rating);
  if (!isChild) addVolume(own, run, facts, slot);
  return [workflowId, ...addCost(hour, run, slot)];
}

function addFacts(to: Counters, facts: RunFacts): void {
  const judged = facts.reviews.filter(({ changed }) => changed !== undefined).length;
  to.calls += facts.served.reduce((sum, { calls }) => sum + calls, 0);
  to.fallbackCalls += facts.fallbackServed;
  to.decided += facts.reviewsDecided;
  // Beyond the reviews that are listed, only those with changes are known.
  to.judged += facts.reviews.length === facts.reviewsDecided ? judged : Math.max(judged, facts.reviewsChanged);
  to.changed += facts.reviewsChanged;
  to.asked += facts.asked;
  to.overrides += facts.overrides;
  to.peopleMs += facts.peopleMs;
}

function addPlaces(own: RollUp, { id, endedAt, status }: RolledRun, { served, reviews, exceptions }: RunFacts): void {
  for (const { target, calls, fallbacks, costMicros } of served) {
    const to = targetIn(own, target);
    to.runs++;
    if (status === 'succeeded' || status === 'failed' || status === 'cancelled') to[status]++;
    to.withModel++;
    if (fallbacks > 0) to.withFallback++;
    to.calls += calls;
    to.fallbackCalls += fallbacks;
    to.costNanos += nanos(costMicros);
    for (const review of reviews) addJudgement(to, review);
  }
  for (const { by, ms, ...review } of reviews) {
    const to = reviewerIn(own, by);
    addJudgement(to, review);
    if (review.overrides) to.overrides++;
    count(to.ms, ms);
  }
  for (const { nodeKey, port, code } of exceptions)
    addException(own, { nodeKey, port, runs: 1, last: { runId: id, at: endedAt ?? '', ...(code && { code }) } });
}

function addJudgement(to: { decided: number; judged: number; changed: number }, { changed }: { readonly changed?: boolean }): void {
  to.decided++;
  if (changed !== undefined) to.judged++;
  if (changed) to.changed++;
}

/** The mean score of a run. */
function addRating(to: Counters, rating: number | null | undefined): void {
  if (rating === null || rating === undefined) return;
  to.rated++;
  if (rating < 0.5) to.badRatings++;
  to.scoreThousandths += Math.round(rating * 1_000);
}

function addVolume(own: RollUp, run: RolledRun, facts: RunFacts, slot: number): void {
  const whole = Math.max(0, Date.parse(run.endedAt ?? run.createdAt) - Date.parse(run.createdAt));
  for (const figures of [versionIn(own, run.versionText), entryOf(own.slots, slot, noFigures)]) {
    addEnd(figures.counters, run, facts);
    addTimes(figures, whole, facts);
    count(figures.cost, run.costMicros);
  }
  addEnd(tenantIn(own, run.tenant ?? NO_TENANT), run, facts);
}

function addEnd(to: Counters, { status }: RolledRun, facts: RunFacts): void {
  const isEscalated = facts.reviewsOpened > 0;
  to.runs++;
  if (status === 'succeeded' || status === 'failed' || status === 'cancelled') to[status]++;
  if (isEscalated) to.escalated++;
  if (isEscalated && status === 'succeeded') to.succeededWithPerson++;
  if (facts.served.length > 0) to.withModel++;
  if (facts.fallbackServed > 0) to.withFallback++;
}

function addTimes({ alone, worked, whole }: Figures, ms: number, { reviewsOpened, peopleMs }: RunFacts): void {
  if (reviewsOpened === 0) count(alone, ms);
  else {
    count(worked, Math.max(0, ms - peopleMs));
    count(whole, ms);
  }
}

/** The cost of a child run belongs to the version that its outermost run is of, or to nothing if that run isn’t live. */
function addCost(hour: HourRollUps, run: RolledRun, slot: number): readonly string[] {
  const [workflowId, version] = placeOfCost(run) ?? [];
  if (workflowId === undefined || version === undefined) return [];
  const rollUp = entryOf(hour, workflowId, noRollUp);
  const counters = [versionIn(rollUp, version), entryOf(rollUp.slots, slot, noFigures)].map((figures) => figures.counters);
  for (const to of [...counters, tenantIn(rollUp, run.tenant ?? NO_TENANT)]) {
    to.costNanos += nanos(run.costMicros);
    to.unknownPrice += run.unknownPrice ?? 0;
  }
  return [workflowId];
}

function placeOfCost({ costOf, workflowId, versionText }: RolledRun): readonly string[] | undefined {
  if (costOf === undefined || costOf === null) return [workflowId, versionText];
  return costOf === '' ? undefined : costOf.split(':');
}

/** Whole billionths of a dollar, so that sums don’t depend on their order. */
const nanos = (micros: number): number => Math.round(micros * 1_000);
