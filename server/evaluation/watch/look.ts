import { MEASURES, type Measure, type MeasureFigures, type WatchRule } from '@switchyard/shared/contracts/evaluation/releases.ts';
import { createJudge, differenceIn, type Judge } from './judge.ts';
import { type Limits, measureOf, RISKS, type WatchedRun } from './measures.ts';
import { blocksFor, createTally, type Tally, type WatchedSide } from './tally.ts';

/* One look at a watched release: each measure with its range, and the first one in which the canary is worse (S83). */

/** A run of one side, in order of acceptance. */
export interface SidedRun extends WatchedRun {
  readonly side: WatchedSide;
  /** Its duration and cost have set the limits, so they are not compared with them. */
  readonly setLimits?: boolean;
  /** Counts runs in the order in which their scores arrived. */
  readonly scoreOrder?: number;
}

export interface Look {
  /** The canary’s weight in percent. */
  readonly weight: number;
  readonly rule: WatchRule;
  readonly limits: Limits;
  readonly runs: readonly SidedRun[];
  /** About the mean of points lost on the stable version, from its earlier runs. */
  readonly knownLoss: number | undefined;
  /** In ms since 1970. */
  readonly now: number;
  /** The figures of the look before, which this one continues. */
  readonly before: readonly MeasureFigures[];
}

export interface Seen {
  readonly measures: MeasureFigures[];
  readonly decided: MeasureFigures | null;
}

const MOST_POINTS = 60;
/** A further point needs this much more runs. */
const GROWTH = 1.03;

/** Looks at a release. Yields after each measure, which takes a few milliseconds. */
export function* lookAt({ weight, rule, limits, runs, knownLoss, now, before }: Look): Generator<undefined, Seen> {
  const blocks = blocksFor(weight);
  const measures: MeasureFigures[] = [];
  let decided: MeasureFigures | null = null;
  for (const measure of MEASURES) {
    const tally = createTally(blocks);
    const judge = createJudge(blocks, RISKS[measure], measure === 'score' ? knownLoss : undefined);
    for (const run of measure === 'score' ? byScore(runs) : runs) {
      if (run.setLimits && (measure === 'slow' || measure === 'cost')) continue;
      const value = measureOf(measure, run, limits, now);
      if (value !== undefined) tally.add(run.side, value);
    }
    const margin = rule.margins[measure];
    const figures = figuresOf({ measure, margin, tally, judge, earlier: before.find((one) => one.measure === measure)?.series ?? [] });
    measures.push(figures);
    if (decided === null && judge.isWorse(tally, { margin, minRuns: rule.minRuns })) decided = figures;
    yield;
  }
  return { measures, decided };
}

/** Runs with a score, in the order in which their scores arrived: one that comes late changes nothing that was counted. */
const byScore = (runs: readonly SidedRun[]): SidedRun[] =>
  runs.filter(({ score }) => score !== undefined).sort((one, other) => (one.scoreOrder ?? 0) - (other.scoreOrder ?? 0));

interface Judged {
  readonly measure: Measure;
  readonly margin: number;
  readonly tally: Tally;
  readonly judge: Judge;
  readonly earlier: MeasureFigures['series'];
}

function figuresOf({ measure, margin, tally, judge, earlier }: Judged): MeasureFigures {
  const side = (name: WatchedSide) => ({ runs: tally.count(name), mean: tally.mean(name) });
  const difference = differenceIn(tally);
  const { lower, upper } = difference === null ? { lower: -1, upper: 1 } : judge.range(tally);
  const series = difference === null ? earlier : withPoint(earlier, { runs: tally.count('canary'), difference, lower, upper });
  return { measure, margin, stable: side('stable'), canary: side('canary'), difference, lower, upper, series };
}

/** The series with its current end. Points stay apart, and are thinned once there are too many. */
function withPoint(earlier: MeasureFigures['series'], point: MeasureFigures['series'][number]): MeasureFigures['series'] {
  const kept = earlier.filter(({ runs }) => runs < point.runs);
  const [beforeLast, last] = kept.slice(-2);
  const settled = beforeLast && last && last.runs < Math.max(beforeLast.runs + 1, beforeLast.runs * GROWTH) ? kept.slice(0, -1) : kept;
  const thinned = settled.length < MOST_POINTS ? settled : settled.filter((_, index) => index % 2 === 0);
  return [...thinned, point];
}
