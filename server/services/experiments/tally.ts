import type { ExperimentResultRecord, ExperimentSummary } from '../../store/evaluation/experiment-collections.ts';

type Tallied = Pick<ExperimentResultRecord, 'index' | 'status' | 'passed' | 'score' | 'graderScores' | 'costMicros' | 'durationMs' | 'trials' | 'mayPass'>;

/** The figures of an experiment, result by result. Errored and stopped items count in no score. */
export function createTally(graders: number) {
  const done = new Set<number>();
  const counts = { graded: 0, passed: 0, errored: 0, stopped: 0, retryable: 0 };
  const sums = Array.from({ length: graders }, () => ({ sum: 0, count: 0, passed: 0 }));
  const durations: number[] = [];
  let score = 0;
  let costMicros = 0;
  let unknownPrice = 0;
  return {
    done,
    add: (result: Tallied): void => {
      if (done.has(result.index)) return;
      done.add(result.index);
      counts[result.status]++;
      counts.retryable += result.mayPass;
      costMicros += spentOn(result);
      unknownPrice += result.trials.filter(({ costMicros: cost }) => cost === null).length;
      if (result.status !== 'graded') return;
      if (result.passed) counts.passed++;
      score += result.score ?? 0;
      if (result.durationMs !== null) durations.push(result.durationMs);
      for (const [index, total] of sums.entries()) addGrader(total, result, index);
    },
    summary: (): ExperimentSummary => ({
      counts: { ...counts },
      score: counts.graded === 0 ? null : score / counts.graded,
      graderScores: sums.map(({ sum, count, passed }) => ({ score: count === 0 ? null : sum / count, passed })),
      costMicros,
      unknownPrice,
      medianMs: medianOf(durations),
    }),
  };
}
export type Tally = ReturnType<typeof createTally>;

/** The known part of what an item cost. */
const spentOn = ({ trials }: Pick<Tallied, 'trials'>): number => trials.reduce((sum, { costMicros }) => sum + (costMicros ?? 0), 0);

function addGrader(total: { sum: number; count: number; passed: number }, { graderScores, trials }: Tallied, index: number): void {
  const score = graderScores[index];
  if (typeof score !== 'number') return;
  total.sum += score;
  total.count++;
  const passes = trials.filter(({ grades }) => {
    const grade = grades[index];
    return grade && 'verdict' in grade && grade.verdict === 'pass';
  }).length;
  if (passes * 2 > trials.length) total.passed++;
}

function medianOf(values: readonly number[]): number | null {
  const sorted = Float64Array.from(values).sort();
  const [low, high] = [sorted[(sorted.length - 1) >> 1], sorted[sorted.length >> 1]];
  return low === undefined || high === undefined ? null : (low + high) / 2;
}
