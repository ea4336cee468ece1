/* Labels by week, for the last weeks (S84). */

export interface Week {
  /** The date of its Monday, in UTC. */
  readonly week: string;
  readonly labels: number;
  readonly wrong: number;
}

const KEPT = 8;
const DAY_MS = 86_400_000;
const MONDAY = 1;

export function weekOf(at: string): string {
  const time = Date.parse(at);
  const sinceMonday = (new Date(time).getUTCDay() - MONDAY + 7) % 7;
  return new Date(time - sinceMonday * DAY_MS).toISOString().slice(0, 10);
}

/** The weeks after a label. `late`: it corrects an earlier one. */
export function withWeek(weeks: readonly Week[], { at, wrong, late }: { readonly at: string; readonly wrong: boolean; readonly late: boolean }): Week[] {
  const week = weekOf(at);
  const known = weeks.find((one) => one.week === week) ?? { week, labels: 0, wrong: 0 };
  const counted = { week, labels: known.labels + (late ? 0 : 1), wrong: known.wrong + (wrong ? 1 : 0) };
  return [...weeks.filter((one) => one.week !== week), counted].sort((one, other) => (one.week < other.week ? -1 : 1)).slice(-KEPT);
}
