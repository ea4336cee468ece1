import type { Added } from '@switchyard/shared/contracts/evaluation/datasets.ts';
import { formatNumber } from '../../../ui/format.ts';
import styles from './dataset-forms.module.css';

export const itemWords = (count: number): string => (count === 1 ? '1 item' : `${formatNumber(count)} items`);

/** What became of items that were added together. `placeName`: what problems are named by. */
export function AddedResult({ added: { added, known, problems }, placeName }: { added: Added; placeName: string }) {
  return (
    <div className={styles.result} role="status">
      <p>
        {itemWords(added)} added{known > 0 && `, ${formatNumber(known)} already in the dataset`}
        {problems.length > 0 && `, ${formatNumber(problems.length)} left out`}.
      </p>
      {problems.length > 0 && (
        <ul className={styles.problems}>
          {problems.map(({ place, message }) => (
            <li key={place}>
              {placeName} {place}: {message}
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
