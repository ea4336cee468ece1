import type { Grade, GradeOutcome } from '@switchyard/shared/contracts/evaluation/graders.ts';
import { ERRORS, type ErrorCode } from '@switchyard/shared/errors.ts';
import type { ExperimentResultRecord } from '../../store/evaluation/experiment-collections.ts';

/* How the trials of an item become its result (S82). An item with a trial that has no grade is left out: it never counts as 0. */

/** Why a trial has no output to grade. */
export type TrialFault =
  | { readonly kind: 'errored'; readonly code: ErrorCode; readonly reason: string; readonly waits?: boolean }
  | { readonly kind: 'stopped'; readonly reason: string };

export interface GradedTrial {
  readonly runId: string | null;
  readonly costMicros: number | null;
  readonly durationMs: number | null;
  readonly grades: readonly GradeOutcome[];
  readonly fault?: TrialFault | undefined;
}

type Outcome = Pick<
  ExperimentResultRecord,
  'status' | 'passed' | 'score' | 'graderScores' | 'reason' | 'code' | 'costMicros' | 'durationMs' | 'trials' | 'rank' | 'mayPass'
>;

const RANK = { stopped: 2, errored: 3 } as const;
/** Of a result that only a person’s grade is missing from. */
export const WAITING_RANK = 4;

const isGrade = (outcome: GradeOutcome): outcome is Grade => 'score' in outcome;

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

/** Null if one is unknown. */
const meanKnown = (values: readonly (number | null)[]): number | null => {
  const known = values.filter((value) => value !== null);
  return known.length === values.length && known.length > 0 ? mean(known) : null;
};

/** The first reason to leave the item out. */
function faultOf(trials: readonly GradedTrial[]): TrialFault | undefined {
  for (const { fault, grades } of trials) {
    if (fault) return fault;
    const failed = grades.find((grade) => !isGrade(grade) && !grade.pending);
    if (failed && !isGrade(failed)) return { kind: 'errored', code: failed.code ?? 'node-failed', reason: `Grader error: ${failed.error}` };
  }
  const isWaiting = trials.some(({ grades }) => grades.some((grade) => !isGrade(grade)));
  return isWaiting ? { kind: 'errored', code: 'node-failed', reason: 'Waits for a person’s grade', waits: true } : undefined;
}

/** Errors of the outside world that may be gone later. */
export const mayPass = (code: ErrorCode): boolean => {
  const rule: { readonly retryable?: boolean } = ERRORS[code];
  return rule.retryable === true || code === 'provider-auth' || code === 'cancelled';
};

/** The result of an item by its trials: at least one, each with a grade per grader or a fault. */
export function resultOf(trials: readonly GradedTrial[], graders: number): Outcome {
  const shared = {
    costMicros: meanKnown(trials.map(({ costMicros }) => costMicros)),
    durationMs: meanKnown(trials.map(({ durationMs }) => durationMs)),
    trials: trials.map(({ fault: _fault, grades, ...trial }) => ({ ...trial, grades: [...grades] })),
  };
  const fault = faultOf(trials);
  if (fault) {
    const code = fault.kind === 'errored' ? fault.code : null;
    const rank = fault.kind === 'errored' && fault.waits ? WAITING_RANK : RANK[fault.kind];
    const none = { passed: null, score: null, graderScores: Array<null>(graders).fill(null) };
    return { ...shared, ...none, status: fault.kind, reason: fault.reason, code, rank, mayPass: code !== null && mayPass(code) ? 1 : 0 };
  }
  const byTrial = trials.map(({ grades }) => grades.filter(isGrade));
  const graderScores = Array.from({ length: graders }, (_, index) => mean(byTrial.map((grades) => grades[index]?.score ?? 0)));
  const passes = byTrial.filter((grades) => grades.every(({ verdict }) => verdict === 'pass')).length;
  const score = mean(graderScores);
  return {
    ...shared,
    status: 'graded',
    passed: passes * 2 > trials.length,
    score,
    graderScores,
    reason: strictest(byTrial.flat())?.reason ?? '',
    code: null,
    rank: score,
    mayPass: 0,
  };
}

/** A failed verdict counts more than a low score. */
const strictest = (grades: readonly Grade[]): Grade | undefined =>
  grades.toSorted((one, other) => Number(one.verdict === 'pass') - Number(other.verdict === 'pass') || one.score - other.score)[0];
