import { samplesWords } from '../common/words.ts';
import styles from './chart.module.css';

/** Too few samples to tell: how many there are. */
export function TooFew({ of }: { of: number }) {
  return (
    <span className={styles.few} title={`Too few to tell: ${samplesWords(of)}`}>
      <span className="visually-hidden">Too few to tell: </span>
      {samplesWords(of)}
    </span>
  );
}
