import styles from './cause-chart.module.css';

const WIDTH = 144;
const HEIGHT = 40;
const PAD = 4;

interface Props {
  /** Shares of reviews, oldest first. Null without reviews. */
  readonly rates: readonly (number | null)[];
  /** The largest share of all charts, so they have one scale. */
  readonly top: number;
  /** Places from 0 to 1 where a version was published. */
  readonly marks: readonly number[];
  readonly chosen: boolean;
  /** Too few reviews to tell: a hollow point and a dotted line. */
  readonly few: boolean;
  /** What it shows, in words. */
  readonly words: string;
}

/** The share of one cause over time, from 0. */
export function CauseChart({ rates, top, marks, chosen, few, words }: Props) {
  const x = (index: number): number => PAD + (rates.length < 2 ? 1 : index / (rates.length - 1)) * (WIDTH - 2 * PAD);
  const y = (rate: number): number => HEIGHT - 1 - (top === 0 ? 0 : rate / top) * (HEIGHT - 2 * PAD);
  const points = rates.flatMap((rate, index) => (rate === null ? [] : [{ x: x(index), y: y(rate) }]));
  const [first, last] = [points.at(0), points.at(-1)];
  const line = points.map((point) => `${point.x.toFixed(1)},${point.y.toFixed(1)}`).join(' L');
  return (
    <svg
      className={styles.chart}
      data-chosen={chosen || undefined}
      data-few={few || undefined}
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      role="img"
      aria-label={words}
    >
      <line className={styles.ground} x1={PAD} x2={WIDTH - PAD} y1={HEIGHT - 1} y2={HEIGHT - 1} />
      {marks.map((place) => (
        <line key={place} className={styles.mark} x1={PAD + place * (WIDTH - 2 * PAD)} x2={PAD + place * (WIDTH - 2 * PAD)} y1={0} y2={HEIGHT} />
      ))}
      {first && last && points.length > 1 && (
        <>
          {!few && <path className={styles.area} d={`M${first.x.toFixed(1)},${HEIGHT - 1} L${line} L${last.x.toFixed(1)},${HEIGHT - 1} Z`} />}
          <path className={styles.line} d={`M${line}`} />
        </>
      )}
      {last && <circle className={styles.end} cx={last.x} cy={last.y} r={few ? 3 : 2.5} />}
    </svg>
  );
}
