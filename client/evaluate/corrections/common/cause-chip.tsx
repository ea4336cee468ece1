import type { Correction } from '@switchyard/shared/contracts/evaluation/corrections.ts';
import { IconCheck } from '@tabler/icons-react';
import styles from './cause-chip.module.css';
import { CAUSE_WORDS, causeOf } from './cause-words.ts';

/** The cause of a correction: dashed while it is a guess, solid with a tick once a person confirmed it. */
export function CauseChip({ correction }: { correction: Correction }) {
  const name = CAUSE_WORDS[causeOf(correction)].name.toLowerCase();
  if (correction.confirmed)
    return (
      <span className={styles.chip} data-confirmed>
        <IconCheck size={12} stroke={2} aria-hidden />
        <span className="visually-hidden">confirmed: </span>
        {name}
      </span>
    );
  return <span className={styles.chip}>{correction.likely.cause === null ? name : `likely ${name}`}</span>;
}
