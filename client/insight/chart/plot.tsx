import type { ReactNode } from 'react';
import styles from './chart.module.css';
import { AXIS_WIDTH, areaOf, type LinePoint, linesOf, type PlacedMark, type TimeScale } from './scale.ts';

interface PlotProps {
  readonly scale: TimeScale;
  readonly height: number;
  /** What the chart shows, and its result. */
  readonly words: string;
  readonly marks: readonly PlacedMark[];
  readonly ticks: readonly { readonly index: number }[];
  /** The words at the top and at the foot of the axis. */
  readonly top: string;
  readonly foot: string;
  /** What to show of an hour or day, on hover. */
  readonly titles: readonly string[];
  readonly children: ReactNode;
}

const INSET = 8;
/** The heights of the top and the foot of a plot. */
export const plotTop = INSET;
export const plotFoot = (height: number): number => height - INSET;

/** One row of the picture: hairlines and change marks, the chart, and the limits of its axis. */
export function Plot({ scale, height, words, marks, ticks, top, foot, titles, children }: PlotProps) {
  return (
    <svg className={styles.plot} width={scale.width + AXIS_WIDTH} height={height} role="img" aria-label={words}>
      {ticks.map(({ index }) => (
        <line key={index} className={styles.hairline} x1={scale.pitch * index} x2={scale.pitch * index} y1={0} y2={height} />
      ))}
      {children}
      {marks.map(({ x }) => (
        <line key={x} className={styles.mark} x1={x} x2={x} y1={0} y2={height} />
      ))}
      <text className={styles.limit} x={scale.width + 8} y={plotTop + 8}>
        {top}
      </text>
      <text className={styles.limit} x={scale.width + 8} y={plotFoot(height)}>
        {foot}
      </text>
      {titles.map((title, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: hours and days are drawn in order
        <rect key={index} className={styles.hover} x={scale.pitch * index} y={0} width={scale.pitch} height={height}>
          <title>{title}</title>
        </rect>
      ))}
    </svg>
  );
}

interface LineProps {
  readonly points: readonly (LinePoint | null)[];
  readonly tone: 'live' | 'new' | 'bad';
  /** Fills the area down to here. Only for axes that start at 0. */
  readonly foot?: number;
}

/** A line; where there are too few samples to tell, a dotted one with hollow points. */
export function Line({ points, tone, foot }: LineProps) {
  const { solid, dotted } = linesOf(points);
  return (
    <g data-tone={tone} className={styles.series}>
      {foot !== undefined && <path className={styles.area} d={areaOf(points, foot)} />}
      <path className={styles.line} d={solid} />
      <path className={styles.dotted} d={dotted} />
      {points.map((point, index) => {
        const isAlone = !points[index - 1] && !points[index + 1];
        return point && (!point.enough || isAlone) ? (
          <circle key={point.x} className={point.enough ? styles.point : styles.hollow} cx={point.x} cy={point.y} r={2.5} />
        ) : null;
      })}
    </g>
  );
}

/** The threshold of an alert rule, named at the left: above the line, or below it at the top. */
export const Limit = ({ y, width, text }: { y: number; width: number; text: string }) => (
  <>
    <line className={styles.threshold} x1={0} x2={width} y1={y} y2={y} />
    <text className={styles.name} data-tone="bad" x={0} y={y < 16 ? y + 13 : y - 5}>
      {text}
    </text>
  </>
);
