import { MEASURES, type Measure } from '@switchyard/shared/contracts/evaluation/releases.ts';
import { createRandom } from '../../server/evaluation/statistics/random.ts';
import { createJudge } from '../../server/evaluation/watch/judge.ts';
import {
  DEFAULT_MARGINS,
  DEFAULT_MIN_RUNS,
  knownLoss,
  type Limits,
  limitOf,
  measureOf,
  RISKS,
  type WatchedRun,
} from '../../server/evaluation/watch/measures.ts';
import { blocksFor, createTally, type WatchedSide } from '../../server/evaluation/watch/tally.ts';

/** Runs of a version, drawn at random. */
export interface Version {
  readonly failing: number;
  /** The share of runs slower than the stable version’s 95th percentile. */
  readonly slow: number;
  readonly costFactor: number;
  readonly score: number;
  /** Whether scores are 0 or 1, as from thumbs. */
  readonly hasThumbs: boolean;
}

export const STABLE: Version = { failing: 0.02, slow: 0.05, costFactor: 1, score: 0.85, hasThumbs: false };

const WEIGHT = 10;
const EARLIER_RUNS = 200;
const REVIEWED = 0.2;
const CORRECTED = 0.12;
const MEDIAN_MS = 2_000;
/** The standard deviation of the logarithm of costs and durations. */
const SPREAD = 0.5;
const SCORE_SPREAD = 0.2;
const FINENESS = 2 ** 26;

/** A repeatable source of numbers in [0, 1). */
export function seeded(seed: number): () => number {
  const below = createRandom(seed);
  return () => below(FINENESS) / FINENESS;
}

/** Standard normal: Box–Muller. */
const normal = (random: () => number): number => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());

/** Durations are drawn with a median at which this share exceeds the stable version’s 95th percentile. */
const SLOWER: ReadonlyMap<number, number> = new Map([
  [0.05, 1],
  [0.4, Math.exp(SPREAD * (1.6449 - 0.2533))],
]);

function drawRun(version: Version, random: () => number): WatchedRun {
  const duration = MEDIAN_MS * (SLOWER.get(version.slow) ?? 1) * Math.exp(SPREAD * normal(random));
  return {
    acceptedAt: 0,
    endedAt: duration,
    failed: random() < version.failing,
    costMicros: 1_000 * version.costFactor * Math.exp(SPREAD * normal(random)),
    score: version.hasThumbs ? Number(random() < version.score) : Math.min(1, Math.max(0, version.score + SCORE_SPREAD * normal(random))),
    ...(random() < REVIEWED && { corrected: random() < CORRECTED }),
  };
}

interface Simulated {
  readonly canary: Version;
  /** Runs of both versions together, or of the canary only. */
  readonly runs: { readonly of: 'both' | 'canary'; readonly atMost: number };
}

/** Simulates one release, looking after every run of the canary. Returns what sent it back, if anything did. */
export function simulate({ canary, runs }: Simulated, random: () => number): Measure | undefined {
  const stable: Version = { ...STABLE, hasThumbs: canary.hasThumbs };
  const earlier = Array.from({ length: EARLIER_RUNS }, () => drawRun(stable, random));
  const limits: Limits = { slowMs: limitOf(earlier.map(({ endedAt }) => endedAt ?? 0)), costMicros: limitOf(earlier.map((run) => run.costMicros)) };
  const blocks = blocksFor(WEIGHT);
  const loss = knownLoss(earlier.flatMap(({ score }) => (score === undefined ? [] : [score])));
  const tallies = MEASURES.map((measure) => {
    const judge = createJudge(blocks, RISKS[measure], measure === 'score' ? loss : undefined);
    return { measure, judge, tally: createTally(blocks) };
  });
  const counts = { canary: 0, stable: 0 };
  while ((runs.of === 'both' ? counts.canary + counts.stable : counts.canary) < runs.atMost) {
    const side: WatchedSide = random() * 100 < WEIGHT ? 'canary' : 'stable';
    counts[side]++;
    const run = drawRun(side === 'canary' ? canary : stable, random);
    for (const { measure, tally } of tallies) {
      const value = measureOf(measure, run, limits, Number.POSITIVE_INFINITY);
      if (value !== undefined) tally.add(side, value);
    }
    if (side === 'stable') continue;
    const worse = tallies.find(({ measure, judge, tally }) => judge.isWorse(tally, { margin: DEFAULT_MARGINS[measure], minRuns: DEFAULT_MIN_RUNS }));
    if (worse) return worse.measure;
  }
  return undefined;
}
