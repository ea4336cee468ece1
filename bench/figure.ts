/** One measured number. `ratio` is value ÷ floor where there is a floor, else value ÷ goal. */
export interface Figure {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  /** The same work done by the least that could do it, measured in turn with ours; null where there is none. */
  readonly floor: number | null;
  readonly ratio: number;
  /** With a floor, what `ratio` must reach; without one, what `value` must not pass. */
  readonly goal: number;
}

/** A figure that is measured against a floor: more is better. */
export const againstFloor = (name: string, unit: string, { value, floor, goal }: { value: number; floor: number; goal: number }): Figure => ({
  name,
  value: round(value),
  unit,
  floor: round(floor),
  ratio: round(value / floor),
  goal,
});

/** A figure with a limit: less is better. */
export const underLimit = (name: string, unit: string, { value, goal }: { value: number; goal: number }): Figure => ({
  name,
  value: round(value),
  unit,
  floor: null,
  ratio: round(value / goal),
  goal,
});

export const reachesGoal = ({ value, floor, ratio, goal }: Figure): boolean => (floor === null ? value <= goal : ratio >= goal);

/** The middle one; of an even number the lower of the two. Throws on none. */
export function median(values: readonly number[]): number {
  const middle = [...values].sort((a, b) => a - b)[(values.length - 1) >> 1];
  if (middle === undefined) throw new Error('There is no median of nothing.');
  return middle;
}

/** Three digits, or all before the point. */
function round(value: number): number {
  return Math.abs(value) >= 100 ? Math.round(value) : Number(value.toPrecision(3));
}

/** The figures as lines of a table for people. */
export function table(figures: readonly Figure[]): string {
  const head = ['name', 'value', 'unit', 'floor', 'ratio', 'goal', ''];
  const rows = figures.map((figure) => [
    figure.name,
    String(figure.value),
    figure.unit,
    figure.floor === null ? '–' : String(figure.floor),
    String(figure.ratio),
    figure.floor === null ? `≤ ${figure.goal} ${figure.unit}` : `≥ ${figure.goal} of the floor`,
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
