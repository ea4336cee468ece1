import { useElementSize } from '@mantine/hooks';
import { callWords } from '../../ui/format.ts';
import { bucketWords, type UsageRange } from '../range/usage-range.ts';
import styles from './cost-chart.module.css';
import { type Bar, costWords, type Group, gridOf, type Measure } from './usage-sums.ts';

const HEIGHT = 316;
const TOP = 12;
const FOOT = 28;
/** Room for the words at the grid lines. */
const MARGIN = 52;
const WIDEST_BAR = 36;
/** Below this, a label would touch the next one. */
const LABEL_WIDTH = 30;
const GAP = 1.5;

interface Props {
  readonly bars: readonly Bar[];
  readonly groups: readonly Group[];
  readonly range: UsageRange;
  readonly measure: Measure;
}

/** Stacked bars, one for each day or hour, in the shades of the table beside it. */
export function CostChart({ bars, groups, range, measure }: Props) {
  const { ref, width } = useElementSize();
  return (
    <div ref={ref} className={styles.chart} style={{ height: HEIGHT }}>
      {width > 0 && <Drawing bars={bars} groups={groups} range={range} measure={measure} width={width} />}
    </div>
  );
}

const heightOf = ({ parts }: Bar): number => parts.reduce((sum, part) => sum + part, 0);

function Drawing({ bars, groups, range, measure, width }: Props & { width: number }) {
  const grid = gridOf(Math.max(...bars.map(heightOf)));
  const top = grid.at(-1) ?? 1;
  const decimals = Math.max(...grid.map((line) => decimalsOf(line, measure)));
  const plot = HEIGHT - TOP - FOOT;
  const y = (value: number) => TOP + plot * (1 - value / top);
  const pitch = (width - MARGIN) / bars.length;
  const barWidth = Math.max(1, Math.min(WIDEST_BAR, pitch * 0.7));
  const every = Math.ceil((range.bucket === 'hour' ? 1.5 : 1) * (LABEL_WIDTH / pitch));
  return (
    <svg width={width} height={HEIGHT} role="img" aria-label={chartWords(bars, range, measure)}>
      {[0, ...grid].map((line) => (
        <g key={line}>
          <line className={styles.line} x1={0} x2={width - MARGIN} y1={y(line)} y2={y(line)} />
          <text className={styles.amount} x={width} y={y(line) + 4} textAnchor="end">
            {amountWords(line, measure, decimals)}
          </text>
        </g>
      ))}
      {bars.map((bar, index) => {
        const center = pitch * (index + 0.5);
        const isLast = index === bars.length - 1;
        return (
          <g key={bar.start}>
            {stackOf(bar.parts).map(({ shade, from, to }) => {
              const height = y(from) - y(to);
              return (
                <rect
                  key={shade}
                  className={styles.part}
                  data-shade={shade}
                  x={center - barWidth / 2}
                  y={y(to)}
                  width={barWidth}
                  height={Math.max(0.75, height > 3 * GAP ? height - GAP : height)}
                  rx={Math.min(2, barWidth / 4)}
                />
              );
            })}
            {(bars.length - 1 - index) % every === 0 && (
              <text className={styles.start} data-last={isLast || undefined} x={center} y={HEIGHT - 8} textAnchor="middle">
                {labelOf(bars, index, every, range.bucket)}
              </text>
            )}
            <rect className={styles.hover} x={pitch * index} y={TOP} width={pitch} height={plot}>
              <title>{barWords(bar, groups, range)}</title>
            </rect>
          </g>
        );
      })}
    </svg>
  );
}

/** The label below a bar: the day of the month, with the month at the last one and where it begins. */
function labelOf(bars: readonly Bar[], index: number, every: number, bucket: UsageRange['bucket']): string {
  const { start } = bars[index] ?? { start: '' };
  const before = bars[index - every]?.start;
  const isShort = bucket === 'day' && index < bars.length - 1 && before?.slice(0, 7) === start.slice(0, 7);
  return isShort ? String(Number(start.slice(8, 10))) : bucketWords(start, bucket);
}

/** The parts of a bar that have a height, from the foot up. */
function stackOf(parts: readonly number[]) {
  let foot = 0;
  return parts.flatMap((part, shade) => {
    if (part <= 0) return [];
    const from = foot;
    foot += part;
    return [{ shade, from, to: foot }];
  });
}

function amountWords(value: number, measure: Measure, decimals: number): string {
  if (measure === 'calls') return value.toLocaleString('en', { maximumSignificantDigits: 3, notation: 'compact' });
  return value === 0 ? '$0' : `$${(value / 1_000_000).toLocaleString('en', { minimumFractionDigits: decimals, maximumFractionDigits: decimals })}`;
}

/** The decimals of an amount in dollars with three significant digits: none, or at least two. */
function decimalsOf(value: number, measure: Measure): number {
  if (measure === 'calls') return 0;
  const [, fraction = ''] = (value / 1_000_000).toLocaleString('en', { maximumSignificantDigits: 3 }).split('.');
  return fraction === '' ? 0 : Math.max(2, fraction.length);
}

function barWords({ start, sum, parts }: Bar, groups: readonly Group[], { bucket }: UsageRange): string {
  const shades = groups.filter(({ shade }, index) => (parts[shade] ?? 0) > 0 && index === shade);
  const unknown = sum.unknownPrice > 0 && sum.unknownPrice < sum.calls ? `, ${callWords(sum.unknownPrice)} of unknown price` : '';
  const head = `${bucketWords(start, bucket)}: ${costWords(sum)}, ${callWords(sum.calls)}${unknown}`;
  return [head, ...shades.map(({ name, shade }) => (shade === parts.length - 1 && groups.length > parts.length ? 'Others' : name))].join('\n');
}

function chartWords(bars: readonly Bar[], { bucket, title, span }: UsageRange, measure: Measure): string {
  const highest = bars.reduce<Bar | undefined>((most, bar) => (most && heightOf(most) >= heightOf(bar) ? most : bar), undefined);
  const value = highest && (measure === 'cost' ? costWords(highest.sum) : callWords(highest.sum.calls));
  const most = highest && heightOf(highest) > 0 ? ` Highest: ${value} at ${bucketWords(highest.start, bucket)}.` : '';
  return `${measure === 'cost' ? 'Cost' : 'Calls'} per ${bucket}, ${title}, ${span}.${most}`;
}
