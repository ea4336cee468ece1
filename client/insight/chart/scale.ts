import type { ChangeMark, Insight } from '@switchyard/shared/contracts/insight/insight.ts';

/* Geometry of the rows on the Insight page: all share one time axis. Lengths in pixels. */

/** Right of the plot, for the words at its limits. */
export const AXIS_WIDTH = 56;

export interface TimeScale {
  /** Width of the plot. */
  readonly width: number;
  /** Width of an hour or day. */
  readonly pitch: number;
  /** Where a moment is. */
  x(at: string): number;
  /** The middle of the hour or day with this index. */
  center(index: number): number;
}

export function timeScale({ from, to, points }: Pick<Insight, 'from' | 'to' | 'points'>, whole: number): TimeScale {
  const width = Math.max(0, whole - AXIS_WIDTH);
  const [first, span] = [Date.parse(from), Date.parse(to) - Date.parse(from)];
  const pitch = width / Math.max(1, points.length);
  return { width, pitch, x: (at) => ((Date.parse(at) - first) / span) * width, center: (index) => pitch * (index + 0.5) };
}

const ROUND = [1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10];

/** A round number at or above a value. */
export function roundUp(value: number): number {
  if (!(value > 0)) return 1;
  const power = 10 ** Math.floor(Math.log10(value));
  return (ROUND.find((step) => step * power >= value * 0.999_999) ?? 10) * power;
}

export interface LinePoint {
  readonly x: number;
  readonly y: number;
  /** There are enough samples to tell. */
  readonly enough: boolean;
}

/** Connected points: `solid` where both ends have enough samples. A bucket without a value interrupts the line. */
export function linesOf(points: readonly (LinePoint | null)[]): { readonly solid: string; readonly dotted: string } {
  let [solid, dotted] = ['', ''];
  for (const [index, point] of points.entries()) {
    const before = index > 0 ? points[index - 1] : null;
    if (!point || !before) continue;
    const part = `M${fixed(before.x)},${fixed(before.y)}L${fixed(point.x)},${fixed(point.y)}`;
    if (before.enough && point.enough) solid += part;
    else dotted += part;
  }
  return { solid, dotted };
}

/** The areas below a line, down to the foot. */
export function areaOf(points: readonly (LinePoint | null)[], foot: number): string {
  let area = '';
  let begun: LinePoint | undefined;
  for (const [index, point] of points.entries()) {
    if (!point) continue;
    begun ??= point;
    area += `${begun === point ? `M${fixed(point.x)},${foot}` : ''}L${fixed(point.x)},${fixed(point.y)}`;
    if (!points[index + 1]) {
      area += `L${fixed(point.x)},${foot}Z`;
      begun = undefined;
    }
  }
  return area;
}

const fixed = (value: number): string => value.toFixed(1);

export interface PlacedMark {
  readonly x: number;
  /** Changes at about the same time. */
  readonly text: string;
  /** All of them. */
  readonly title: string;
  readonly isEnd: boolean;
}

/** Names closer than this would overlap: they share a label. */
const LABEL_WIDTH = 118;

/** Where changes are drawn. The name of a group is that of its last change, with the number of others. */
export function placeMarks(changes: readonly ChangeMark[], scale: TimeScale): PlacedMark[] {
  const groups: { readonly x: number; readonly marks: ChangeMark[] }[] = [];
  for (const change of changes) {
    const x = Math.min(scale.width, Math.max(0, scale.x(change.at)));
    const last = groups.at(-1);
    if (last && x - last.x < LABEL_WIDTH) last.marks.push(change);
    else groups.push({ x, marks: [change] });
  }
  return groups.map(({ x, marks }) => ({
    x,
    text: marks.length === 1 ? (marks[0]?.text ?? '') : `${marks.at(-1)?.text} +${marks.length - 1}`,
    title: marks.map(({ text, at }) => `${text}, ${at.slice(0, 16).replace('T', ' ')} UTC`).join('\n'),
    isEnd: x > scale.width - LABEL_WIDTH,
  }));
}

/** Labels of the time axis: which hours or days have one. */
export function ticksOf({ points, bucket }: Pick<Insight, 'points' | 'bucket'>, scale: TimeScale): { readonly index: number; readonly text: string }[] {
  const every = Math.max(1, Math.ceil(72 / scale.pitch));
  return points.flatMap(({ at }, index) => (index % every === 0 ? [{ index, text: bucketWords(at, bucket) }] : []));
}

/** The start of an hour or day in words: “24 Nov”, “14:00”. */
export const bucketWords = (at: string, bucket: Insight['bucket']): string =>
  bucket === 'hour' ? at.slice(11, 16) : new Date(at).toLocaleDateString('en-GB', { timeZone: 'UTC', day: 'numeric', month: 'short' });
