/** One measured number. `ratio` is value ÷ floor if there is a floor, otherwise value ÷ goal. */
export interface Figure {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  /** The same work done by minimal code, measured alternately with ours; null if there is none. */
  readonly floor: number | null;
  readonly ratio: number;
  /** The limit of `ratio` with a floor, or of `value` without one. */
  readonly goal: number;
  /** Whether the figure should reach its goal (`more`) or stay within it (`less`). */
  readonly better: 'more' | 'less';
}

interface Measured {
  readonly value: number;
  readonly floor: number;
  readonly goal: number;
}

/** A figure measured against a floor: more is better. */
export const againstFloor = (name: string, unit: string, measured: Measured): Figure => ({ ...ratioOf(name, unit, measured), better: 'more' });

/** A figure measured against a floor: less is better, for example a latency. */
export const withinFloor = (name: string, unit: string, measured: Measured): Figure => ({ ...ratioOf(name, unit, measured), better: 'less' });

const ratioOf = (name: string, unit: string, { value, floor, goal }: Measured) => ({
  name,
  value: round(value),
  unit,
  floor: round(floor),
  ratio: round(value / floor),
  goal: round(goal),
});

/** A figure with a limit: less is better. */
export const underLimit = (name: string, unit: string, { value, goal }: { value: number; goal: number }): Figure => ({
  name,
  value: round(value),
  unit,
  floor: null,
  ratio: round(value / goal),
  goal,
  better: 'less',
});

/** A figure that should reach a value: more is better. */
export const reachingGoal = (name: string, unit: string, measured: { value: number; goal: number }): Figure => ({
  ...underLimit(name, unit, measured),
  better: 'more',
});

export const reachesGoal = ({ value, floor, ratio, goal, better }: Figure): boolean => {
  const measured = floor === null ? value : ratio;
  return better === 'more' ? measured >= goal : measured <= goal;
};

/** The median; the lower of the middle two for an even count. Throws if there are no values. */
export function median(values: readonly number[]): number {
  const middle = [...values].sort((a, b) => a - b)[(values.length - 1) >> 1];
  if (middle === undefined) throw new Error('No values to take the median of.');
  return middle;
}

/** The value below which this share of the values lies. NaN if there are none. */
export function quantile(values: readonly number[], share: number): number {
  return [...values].sort((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * share))] ?? Number.NaN;
}

/** Three significant digits, or all digits before the point. */
function round(value: number): number {
  return Math.abs(value) >= 100 ? Math.round(value) : Number(value.toPrecision(3));
}

/** The figures as a text table. */
export function table(figures: readonly Figure[]): string {
  const head = ['name', 'value', 'unit', 'floor', 'ratio', 'goal', ''];
  const rows = figures.map((figure) => [
    figure.name,
    String(figure.value),
    figure.unit,
    figure.floor === null ? '–' : String(figure.floor),
    String(figure.ratio),
    `${figure.better === 'more' ? '≥' : '≤'} ${figure.goal} ${figure.floor === null ? figure.unit : 'of the floor'}`,
    reachesGoal(figure) ? 'reached' : 'missed',
  ]);
  const widths = head.map((_, column) => Math.max(...[head, ...rows].map((row) => row[column]?.length ?? 0)));
  return [head, ...rows]
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
