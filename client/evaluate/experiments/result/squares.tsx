import type { ExperimentComparison, PairOutcome } from '@switchyard/shared/contracts/evaluation/experiments.ts';
import { PAIR_OUTCOMES } from '@switchyard/shared/evaluation/choices.ts';
import { formatNumber } from '../../../ui/format.ts';
import { OUTCOME_WORDS } from '../common/words.ts';
import styles from './squares.module.css';

/** More pairs share squares. */
const MOST_SQUARES = 240;
/** The order of the squares: what is worse on the left, what is better on the right. */
const LEGEND: readonly PairOutcome[] = ['better', 'worse', 'both-pass', 'both-fail'];

interface Props {
  readonly comparison: ExperimentComparison;
  readonly shown: string | undefined;
  readonly onShow: (outcome: PairOutcome | undefined) => void;
}

/** One square per pair, by outcome. Choosing an outcome lists its pairs. */
export function Squares({ comparison: { outcomes, pairs }, shown, onShow }: Props) {
  const each = Math.max(1, Math.ceil(pairs / MOST_SQUARES));
  const squares = PAIR_OUTCOMES.flatMap((outcome) =>
    Array.from({ length: Math.ceil(outcomes[outcome] / each) }, (_, index) => ({ key: `${outcome} ${index}`, outcome })),
  );
  return (
    <section aria-labelledby="pair-by-pair">
      <h3 id="pair-by-pair" className={styles.title}>
        Pair by pair
      </h3>
      <div className={styles.squares} aria-hidden>
        {squares.map(({ key, outcome }) => (
          <span key={key} className={styles.square} data-outcome={outcome} />
        ))}
      </div>
      <ul className={styles.legend}>
        {LEGEND.map((outcome) => (
          <li key={outcome}>
            <button type="button" className={styles.entry} aria-pressed={shown === outcome} onClick={() => onShow(shown === outcome ? undefined : outcome)}>
              <span className={styles.square} data-outcome={outcome} data-small aria-hidden />
              <b>{formatNumber(outcomes[outcome])}</b> {OUTCOME_WORDS[outcome]}
            </button>
          </li>
        ))}
      </ul>
      {each > 1 && <p className={styles.each}>Each square is up to {each} pairs.</p>}
    </section>
  );
}
