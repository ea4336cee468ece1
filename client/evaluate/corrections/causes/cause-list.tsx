import { UnstyledButton } from '@mantine/core';
import type { CorrectionSummary } from '@switchyard/shared/contracts/evaluation/corrections.ts';
import { CAUSE_WORDS, percent } from '../common/cause-words.ts';
import type { Shown } from '../common/corrections-search.ts';
import { CauseChart } from './cause-chart.tsx';
import styles from './cause-list.module.css';
import { ratesOf, type Trend, trendOf } from './trend.ts';

interface Props {
  readonly summary: CorrectionSummary;
  /** Exception paths without automation. */
  readonly different: number | undefined;
  readonly shown: Shown | undefined;
  readonly onShow: (shown: Shown) => void;
}

/** The causes with their share of reviews over time, on one scale, and the cases that were different. */
export function CauseList({ summary, different, shown, onShow }: Props) {
  const { causes, buckets, marks, bucketMs } = summary;
  const by = bucketMs > 86_400_000 ? 'week' : 'day';
  const top = Math.max(0, ...causes.flatMap((cause) => ratesOf(cause, buckets).map((rate) => rate ?? 0)));
  const [from, to] = [Date.parse(summary.from), Date.parse(summary.to)];
  const places = [...new Set(marks.map(({ at }) => (Date.parse(at) - from) / (to - from)))];
  return (
    <nav className={styles.causes} aria-label="Causes">
      <h2 className={styles.head}>
        By likely cause <span>of reviews, by {by}</span>
      </h2>
      <ul className={styles.list}>
        {causes.map((cause) => (
          <li key={cause.cause}>
            <UnstyledButton
              className={styles.cause}
              data-chosen={shown === cause.cause || undefined}
              aria-current={shown === cause.cause || undefined}
              onClick={() => onShow(cause.cause)}
            >
              <CauseRow cause={cause} summary={summary} top={top} places={places} chosen={shown === cause.cause} />
            </UnstyledButton>
          </li>
        ))}
        <li>
          <UnstyledButton
            className={styles.cause}
            data-chosen={shown === 'different' || undefined}
            aria-current={shown === 'different' || undefined}
            onClick={() => onShow('different')}
          >
            <span className={styles.first}>
              <b>Different cases</b>
              <span className="tabular">{different ?? '–'}</span>
            </span>
            <span className={styles.means}>paths without automation</span>
          </UnstyledButton>
        </li>
      </ul>
      <p className={styles.note}>
        {marks.length > 0 && `Dashed lines: ${marks.map(({ version }) => `v${version}`).join(', ')} published. `}
        Change: second half of the range against the first.
      </p>
    </nav>
  );
}

interface RowProps {
  readonly cause: CorrectionSummary['causes'][number];
  readonly summary: CorrectionSummary;
  readonly top: number;
  readonly places: readonly number[];
  readonly chosen: boolean;
}

function CauseRow({ cause, summary: { buckets, reviewed }, top, places, chosen }: RowProps) {
  const { name, means } = CAUSE_WORDS[cause.cause];
  const trend = trendOf(cause, buckets);
  const share = reviewed === 0 ? null : cause.count / reviewed;
  const confirmed = cause.count === 0 ? 0 : Math.min(1, cause.confirmed / cause.count);
  return (
    <>
      <span className={styles.first}>
        <b>{name}</b>
        <span className="tabular">{cause.count.toLocaleString('en')}</span>
      </span>
      <span className={styles.means}>{means}</span>
      <span className={styles.figures}>
        <CauseChart
          rates={ratesOf(cause, buckets)}
          top={top}
          marks={places}
          chosen={chosen}
          few={trend.kind === 'few'}
          words={`${name} over time: ${share === null ? 'no reviews' : `${percent(share)} of reviews`}, ${trendWords(trend)}`}
        />
        <span className={styles.rate}>
          <b className="tabular">{share === null ? '–' : percent(share)}</b>
          <span
            className={styles.trend}
            data-few={trend.kind === 'few' || undefined}
            data-worse={(trend.kind === 'changed' && trend.points > 0) || undefined}
            data-better={(trend.kind === 'changed' && trend.points < 0) || undefined}
          >
            {trendWords(trend)}
          </span>
        </span>
      </span>
      {cause.count > 0 && (
        <span className={styles.confirmed}>
          <span className={styles.bar} aria-hidden>
            <span style={{ width: `${confirmed * 100}%` }} />
          </span>
          {percent(confirmed)} confirmed
        </span>
      )}
    </>
  );
}

function trendWords(trend: Trend): string {
  if (trend.kind === 'few') return `too few: ${trend.reviewed} of ${trend.wanted}`;
  if (trend.kind === 'steady') return 'steady';
  return `${trend.points > 0 ? '+' : '−'}${Math.abs(trend.points).toLocaleString('en', { minimumFractionDigits: 1, maximumFractionDigits: 1 })} pt`;
}
