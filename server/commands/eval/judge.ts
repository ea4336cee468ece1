import type { Experiment, ExperimentComparison } from '@switchyard/shared/contracts/evaluation/experiments.ts';
import type { Thresholds } from './eval-file.ts';

/** A threshold, and whether it holds. */
export interface Check {
  readonly name: string;
  readonly holds: boolean;
  /** The figure and its limit. */
  readonly said: string;
}

const percent = (value: number): string => `${(value * 100).toFixed(1)}%`;

/** Judges an experiment by its thresholds. Items without a result fail it: an interrupted experiment never passes. */
export function judge(experiment: Experiment, comparison: ExperimentComparison | undefined, thresholds: Thresholds): Check[] {
  const { counts, score, items, passInterval, status, pause, error } = experiment;
  const { bound, errored, stopped, noRegression } = thresholds;
  const passed = thresholds.passed ?? (thresholds.score === undefined ? 1 : undefined);
  const share = counts.graded === 0 ? 0 : bound === 'lower' ? (passInterval?.low ?? 0) : counts.passed / counts.graded;
  const checks: (Check | false | undefined)[] = [
    {
      name: 'every item has a result',
      holds: status === 'finished' && counts.open === 0,
      said: pause?.message ?? error ?? `${items - counts.open} of ${items}`,
    },
    atMost('errored', counts.errored / items, errored),
    atMost('stopped', counts.stopped / items, stopped),
    thresholds.score !== undefined && {
      name: 'score',
      holds: (score ?? 0) >= thresholds.score,
      said: `${score?.toFixed(3) ?? 'none'}, at least ${thresholds.score}`,
    },
    passed !== undefined && {
      name: bound === 'lower' ? 'passed (lower bound)' : 'passed',
      holds: share >= passed,
      said: `${percent(share)}, at least ${percent(passed)} (${counts.passed} of ${counts.graded})`,
    },
    comparison && noRegression && { name: 'no regression', holds: comparison.verdict !== 'worse', said: comparison.headline },
  ];
  return checks.filter((check) => check !== false && check !== undefined);
}

const atMost = (name: string, share: number, most: number): Check => ({ name, holds: share <= most, said: `${percent(share)}, at most ${percent(most)}` });
