import type { Experiment, ExperimentComparison } from '@switchyard/shared/contracts/evaluation/experiments.ts';
import { PAIR_OUTCOMES } from '@switchyard/shared/evaluation/choices.ts';
import { formatNumber } from '../../../ui/format.ts';
import type { Shown } from '../common/experiment-search.ts';
import { OUTCOME_WORDS } from '../common/words.ts';
import styles from './item-filter.module.css';

interface Choice {
  readonly value: Shown | undefined;
  readonly label: string;
  readonly count: number;
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

function choicesOf({ items, counts }: Experiment, comparison: ExperimentComparison | undefined): Choice[] {
  if (comparison) {
    const { errored, stopped, unpaired } = comparison.leftOut;
    const leftOut = errored + stopped + unpaired;
    return [
      { value: undefined, label: 'All', count: comparison.pairs + leftOut },
      ...PAIR_OUTCOMES.map((value) => ({ value, label: capital(OUTCOME_WORDS[value]), count: comparison.outcomes[value] })),
      { value: 'left-out' as const, label: 'Left out', count: leftOut },
    ];
  }
  return [
    { value: undefined, label: 'All', count: items - counts.open },
    { value: 'graded', label: 'Graded', count: counts.graded },
    { value: 'errored', label: 'Errors', count: counts.errored },
    { value: 'stopped', label: 'Stopped', count: counts.stopped },
  ];
}

interface Props {
  readonly experiment: Experiment;
  readonly comparison: ExperimentComparison | undefined;
  readonly shown: Shown | undefined;
  readonly onShow: (shown: Shown | undefined) => void;
}

/** Which items are listed, each choice with its count. */
export function ItemFilter({ experiment, comparison, shown, onShow }: Props) {
  return (
    <div className={styles.bar}>
      <h2 className={styles.title}>Items</h2>
      <fieldset className={styles.choices}>
        <legend className="visually-hidden">Show</legend>
        {choicesOf(experiment, comparison).map(({ value, label, count }) => (
          <button key={label} type="button" className={styles.choice} aria-pressed={shown === value} onClick={() => onShow(value)}>
            {label} <span className="tabular">{formatNumber(count)}</span>
          </button>
        ))}
      </fieldset>
      <span className={styles.order}>Worst first</span>
    </div>
  );
}
