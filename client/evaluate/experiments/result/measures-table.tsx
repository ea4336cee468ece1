import type { ExperimentComparison, ExperimentMeasure } from '@switchyard/shared/contracts/evaluation/experiments.ts';
import { differenceWords, rangeWords, tooFewWords, valueWords, verdictWords } from '../common/words.ts';
import { RangeChart } from './range-chart.tsx';
import styles from './result.module.css';

/** Measures of one unit share a scale. */
const reachOf = (measures: readonly ExperimentMeasure[], unit: ExperimentMeasure['unit']): number =>
  Math.max(
    ...measures
      .filter((one) => one.unit === unit)
      .flatMap(({ difference, interval }) => [difference, interval?.low, interval?.high].map((value) => Math.abs(value ?? 0))),
  );

/** Room beyond the widest range. */
const ROOM = 1.15;

/** What each measure says: both sides, the difference with its range, and a word. Better is always to the right. */
export function MeasuresTable({ comparison }: { comparison: ExperimentComparison }) {
  const { measures, subject, baseline } = comparison;
  const isSame = subject.label === baseline.label;
  const [mine, theirs] = isSame ? [subject.name, baseline.name] : [subject.label, baseline.label];
  return (
    <table className={styles.measures}>
      <caption className="visually-hidden">
        {mine} compared with {theirs}
      </caption>
      <thead>
        <tr>
          <th scope="col">Measure</th>
          <th scope="col" className={styles.number}>
            <span className={styles.side} data-side="baseline">
              {theirs}
            </span>
          </th>
          <th scope="col" className={styles.number}>
            <span className={styles.side} data-side="subject">
              {mine}
            </span>
          </th>
          <th scope="col" className={styles.chart}>
            <span className={styles.scale} aria-hidden>
              <span>← worse</span>
              <span>better →</span>
            </span>
            <span className="visually-hidden">Chart</span>
          </th>
          <th scope="col" className={styles.number}>
            Difference
          </th>
          <th scope="col">95% range</th>
          <th scope="col">Result</th>
        </tr>
      </thead>
      <tbody>
        {measures.map((measure) => (
          <Row key={measure.key} measure={measure} labels={[theirs, mine]} reach={reachOf(measures, measure.unit) * ROOM} />
        ))}
      </tbody>
    </table>
  );
}

function Row({ measure, labels, reach }: { measure: ExperimentMeasure; labels: readonly [string, string]; reach: number }) {
  const { label, baseline, subject, difference, interval, tooFew, verdict, better, pairs } = measure;
  const sign = better === 'higher' ? 1 : -1;
  const turned = interval && { low: Math.min(sign * interval.low, sign * interval.high), high: Math.max(sign * interval.low, sign * interval.high) };
  return (
    <tr>
      <th scope="row">{label}</th>
      <td className={styles.number} data-label={labels[0]}>
        {valueWords(measure, baseline)}
      </td>
      <td className={styles.number} data-label={labels[1]} data-strong>
        {valueWords(measure, subject)}
      </td>
      <td className={styles.chart}>
        <RangeChart value={difference === null ? null : sign * difference} interval={turned} reach={reach} verdict={verdict} />
      </td>
      <td className={styles.number}>{tooFew?.allEqual ? '–' : differenceWords(measure, difference)}</td>
      <td className={styles.range}>{tooFew?.allEqual ? `all ${pairs} pairs are equal` : rangeWords(measure, interval)}</td>
      <td>
        <Verdict measure={measure} />
      </td>
    </tr>
  );
}

/** The result of a measure in a word. */
export function Verdict({ measure }: { measure: Pick<ExperimentMeasure, 'unit' | 'verdict' | 'tooFew'> }) {
  if (measure.tooFew) return <span className={styles.few}>{tooFewWords(measure.tooFew)}</span>;
  return (
    <span className={styles.verdict} data-verdict={measure.verdict}>
      {verdictWords(measure)}
    </span>
  );
}
