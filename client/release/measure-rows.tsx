import type { MeasureFigures, WatchFigures } from '@switchyard/shared/contracts/evaluation/releases.ts';
import { IconAlertTriangle, IconCircleCheck, IconHourglass } from '@tabler/icons-react';
import { formatNumber } from '../ui/format.ts';
import { BandChart } from './band-chart.tsx';
import styles from './measure-rows.module.css';
import { MEASURE_TITLES, percent, points } from './words.ts';

/** Each measure of both versions, with its difference as runs came in. */
export function MeasureRows({ figures, minRuns }: { figures: WatchFigures; minRuns: number }) {
  const { stable, canary, runs, measures, customers } = figures;
  const isWorse = measures.some((one) => one.lower > 0);
  const isEarly = runs.countedCanary < minRuns;
  const counted = customers === null ? '' : `, ${formatNumber(runs.countedCanary)} counted: the first of each key and day`;
  const countedStable = customers === null ? '' : ` and ${formatNumber(runs.countedStable)}`;
  return (
    <section aria-label="Measures">
      <header className={styles.head}>
        <h2>{isEarly ? `Too few runs of v${canary} to tell` : isWorse ? `v${canary} is worse in a measure` : `v${canary} is no worse so far`}</h2>
        <p>
          {formatNumber(runs.canary)} runs on v{canary}
          {counted}. On v{stable}: {formatNumber(runs.stable)}
          {countedStable}.
        </p>
      </header>
      <div className={styles.rows}>
        <div className={styles.titles} aria-hidden>
          <span>Measure</span>
          <span>v{stable}</span>
          <span data-new>v{canary}</span>
          <span className={styles.over}>
            Difference as runs come in <i>red line: margin</i>
          </span>
          <span>Now, with range</span>
        </div>
        {measures.map((one) => (
          <Row key={one.measure} figures={one} names={{ stable: `v${stable}`, canary: `v${canary}` }} minRuns={minRuns} />
        ))}
      </div>
    </section>
  );
}

interface RowProps {
  readonly figures: MeasureFigures;
  readonly names: { readonly stable: string; readonly canary: string };
  readonly minRuns: number;
}

function Row({ figures, names, minRuns }: RowProps) {
  const { measure, stable, canary, difference, lower, upper } = figures;
  const title = MEASURE_TITLES[measure](names.stable);
  const isKnown = difference !== null && canary.runs >= minRuns;
  const now = difference === null ? 'Nothing to compare yet' : `${points(difference)} pt, range ${points(lower)} to ${points(upper)}`;
  return (
    <section className={styles.row} aria-label={title}>
      <div className={styles.measure}>
        <b>{title}</b>
        <Verdict figures={figures} minRuns={minRuns} />
      </div>
      <span className={styles.share} data-of={names.stable}>
        {percent(stable.mean)}
      </span>
      <b className={styles.share} data-of={names.canary}>
        {percent(canary.mean)}
      </b>
      <BandChart figures={figures} label={`${title}: ${now}`} />
      <div className={styles.now} data-open={!isKnown || undefined}>
        <b>{difference === null ? '–' : `${points(difference)} pt`}</b>
        {isKnown && (
          <span>
            {points(lower)} to {points(upper)}
          </span>
        )}
      </div>
    </section>
  );
}

function Verdict({ figures: { measure, canary, difference, lower, upper, margin }, minRuns }: Pick<RowProps, 'figures' | 'minRuns'>) {
  const runs = measure === 'corrected' ? 'reviewed' : measure === 'score' ? 'rated' : 'runs';
  if (difference === null || canary.runs < minRuns) {
    return (
      <span className={styles.verdict} data-few>
        <IconHourglass size={14} stroke={1.6} aria-hidden /> Too few to tell: {formatNumber(canary.runs)} {runs}
      </span>
    );
  }
  if (lower > 0) {
    return (
      <span className={styles.verdict} data-worse>
        <IconAlertTriangle size={14} stroke={1.6} aria-hidden /> Worse{difference < margin ? ', under its margin' : ''}
      </span>
    );
  }
  return (
    <span className={styles.verdict} data-better={upper < 0 || undefined}>
      <IconCircleCheck size={14} stroke={1.6} aria-hidden /> {upper < 0 ? 'Whole range below 0: better' : 'Under its margin'}
    </span>
  );
}
