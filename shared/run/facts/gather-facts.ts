import type { ErrorCode } from '../../errors.ts';
import { isPlainObject } from '../../json.ts';
import { ALLOW_ONCE, RAISE, readBudgetDecision } from '../budget-review.ts';
import type { ModelCallRecord, RunEventOf, Wait } from '../events.ts';
import type { StepState } from '../state.ts';
import type { ReviewFact, RunFacts } from './run-facts.ts';

/* How the fold gathers the facts of a run: each function returns them with what an event adds. */

/** Ports that exist for cases the workflow wasn’t made for. */
const EXCEPTION_PORTS: ReadonlySet<string | null> = new Set(['none', 'limit', 'unsure', 'blocked']);

const MOST_REVIEWS = 40;
const MOST_EXCEPTIONS = 40;
const MOST_TARGETS = 20;

const asksPerson = (wait: Wait | undefined): wait is Extract<Wait, { reviewId: string }> => wait !== undefined && 'reviewId' in wait;

/** A reassigned review is the same one. */
export function withWait(facts: RunFacts, before: StepState | undefined, wait: Wait): RunFacts {
  const earlier = before?.resolution?.wait;
  if (!asksPerson(wait) || (asksPerson(earlier) && earlier.reviewId === wait.reviewId)) return facts;
  return { ...facts, reviewsOpened: facts.reviewsOpened + 1 };
}

export function withWaitEnd(facts: RunFacts, { wait, waitingSince }: StepState, { at, by, value }: RunEventOf<'wait-ended'>): RunFacts {
  if (!asksPerson(wait)) return facts;
  const timed = { ...facts, peopleMs: facts.peopleMs + msBetween(waitingSince, at) };
  const decision = by === 'decision' && wait.kind === 'budget' ? readBudgetDecision(value)?.decision : undefined;
  if (decision === undefined) return timed;
  const passes = decision === ALLOW_ONCE || decision === RAISE;
  return { ...timed, asked: timed.asked + 1, overrides: timed.overrides + (passes ? 1 : 0) };
}

/** `step`: as it was before it finished. */
export function withFinish(facts: RunFacts, step: StepState, { output, port, recovered }: RunEventOf<'step-finished'>): RunFacts {
  const reviewed = step.resolution?.wait.kind === 'review' && step.resolution.by === 'decision' ? withDecision(facts, step, output, port) : facts;
  if (recovered) return withException(reviewed, step.nodeKey, 'recovery', recovered.code);
  return port !== null && EXCEPTION_PORTS.has(port) ? withException(reviewed, step.nodeKey, port) : reviewed;
}

function withDecision(facts: RunFacts, { nodeKey, startedAt, resolution }: StepState, output: unknown, port: string | null): RunFacts {
  if (resolution?.wait.kind !== 'review') return facts;
  const { wait, value, actor, at } = resolution;
  const changes = isPlainObject(output) && Array.isArray(output.changes) ? output.changes : undefined;
  const reviewer = isPlainObject(value) && typeof value.reviewer === 'string' ? value.reviewer : actor?.id;
  const overrides = port !== null && port !== wait.task.decisions[0]?.id;
  const changed = changes && changes.length > 0;
  const fact: ReviewFact = { nodeKey, by: reviewer ?? '', ms: msBetween(startedAt, at), ...(changed !== undefined && { changed }), overrides };
  return {
    ...facts,
    reviewsDecided: facts.reviewsDecided + 1,
    reviewsChanged: facts.reviewsChanged + (changed ? 1 : 0),
    asked: facts.asked + 1,
    overrides: facts.overrides + (overrides ? 1 : 0),
    reviews: facts.reviews.length < MOST_REVIEWS ? [...facts.reviews, fact] : facts.reviews,
  };
}

export function withException(facts: RunFacts, nodeKey: string, port: string, code?: ErrorCode): RunFacts {
  const { exceptions } = facts;
  const index = exceptions.findIndex((known) => known.nodeKey === nodeKey && known.port === port);
  const known = exceptions[index];
  if (known) return { ...facts, exceptions: exceptions.with(index, { ...known, count: known.count + 1 }) };
  if (exceptions.length >= MOST_EXCEPTIONS) return facts;
  return { ...facts, exceptions: [...exceptions, { nodeKey, port, count: 1, ...(code && { code }) }] };
}

/** Adds a model call that was answered. Answers from the cache don’t count. */
export function withCall(facts: RunFacts, nodeKey: string, { connection, model, attempts, cached, costMicros }: ModelCallRecord): RunFacts {
  if (cached) return facts;
  // The model that served a call may call itself by another name than the target, also after a retry.
  const last = attempts.findLast(({ error }) => !error) ?? { connection, model };
  const failed = attempts.find((attempt) => attempt.error && (attempt.connection !== last.connection || attempt.model !== last.model));
  const fallback = failed ? 1 : 0;
  const target = `${connection}/${model}`;
  const index = facts.served.findIndex((known) => known.target === target);
  const known = facts.served[index] ?? { target, calls: 0, fallbacks: 0, costMicros: 0 };
  const spent = costMicros ?? attempts.reduce((sum, attempt) => sum + (attempt.costMicros ?? 0), 0);
  const now = { target, calls: known.calls + 1, fallbacks: known.fallbacks + fallback, costMicros: known.costMicros + spent };
  const served = index === -1 ? (facts.served.length < MOST_TARGETS ? [...facts.served, now] : facts.served) : facts.served.with(index, now);
  const counted = { ...facts, served, fallbackServed: facts.fallbackServed + fallback };
  return failed ? withException(counted, nodeKey, 'fallback', failed.error?.code) : counted;
}

const msBetween = (from: string | undefined, to: string): number => (from === undefined ? 0 : Math.max(0, Date.parse(to) - Date.parse(from)));
