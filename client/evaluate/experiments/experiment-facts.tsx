import type { Experiment } from '@switchyard/shared/contracts/evaluation/experiments.ts';
import { IconCircleCheck, IconClock, IconCoin, IconDatabase } from '@tabler/icons-react';
import { TimeAgo } from '../../ui/figures.tsx';
import { STATUS_WORDS, spentWords } from './common/words.ts';
import styles from './experiment-facts.module.css';

/** Beside the title: the dataset, how far it is, and what it has spent. */
export function ExperimentFacts({ experiment }: { experiment: Experiment }) {
  const { dataset, status, endedAt } = experiment;
  const Glyph = status === 'finished' ? IconCircleCheck : IconClock;
  return (
    <ul className={styles.facts} aria-label="About the experiment">
      <li>
        <IconDatabase size={15} stroke={1.6} aria-hidden /> {dataset.name}
      </li>
      <li>
        <Glyph size={15} stroke={1.6} aria-hidden /> {STATUS_WORDS[status]} {endedAt && <TimeAgo at={endedAt} />}
      </li>
      <li>
        <IconCoin size={15} stroke={1.6} aria-hidden /> {spentWords(experiment)}
      </li>
    </ul>
  );
}
