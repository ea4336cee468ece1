import { IconPlugConnectedX } from '@tabler/icons-react';
import { LiveText } from '../../ui/figures.tsx';
import type { TargetFigures } from './figures/figure-texts.ts';
import styles from './panel.module.css';
import { trialIn } from './target-state.tsx';

/** Says why a target is not called, and when the next trial is. */
export function CircuitCard({ figures, readAt }: { figures: TargetFigures; readAt: number }) {
  const isOpen = figures.circuit === 'open';
  return (
    <div className={styles.circuit}>
      <p>
        <IconPlugConnectedX size={17} stroke={1.7} aria-hidden />
        <b>{isOpen ? 'Circuit open' : 'Circuit half-open'}</b>
        {isOpen && <LiveText live className={styles.trial} text={(now) => `trial in ${trialIn({ figures, readAt }, now)} s`} />}
      </p>
      <p>
        {isOpen
          ? 'Calls kept failing, so this target is skipped until a trial call succeeds.'
          : 'The next call is a trial. If it succeeds, the circuit closes. If not, it opens again.'}
      </p>
    </div>
  );
}
