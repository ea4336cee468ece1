import type { ExperimentComparison } from '@switchyard/shared/contracts/evaluation/experiments.ts';
import { differenceWords } from '../common/words.ts';
import { Verdict } from './measures-table.tsx';
import { RangeChart } from './range-chart.tsx';
import styles from './result.module.css';

const UNIT = { unit: 'share' } as const;
const MOST_SHOWN = 12;

/** The share that passes, by tag: each with its own pairs. */
export function TagList({ tags }: { tags: ExperimentComparison['tags'] }) {
  if (tags.length === 0) return null;
  const reach =
    Math.max(...tags.flatMap(({ difference, interval }) => [difference, interval?.low, interval?.high].map((value) => Math.abs(value ?? 0)))) * 1.15;
  const most = tags.toSorted((one, other) => other.pairs - one.pairs).slice(0, MOST_SHOWN);
  return (
    <section aria-labelledby="by-tag">
      <h3 id="by-tag" className={styles.subtitle}>
        Passed, by tag, with pairs
      </h3>
      <ul className={styles.tags}>
        {most.map((tag) => (
          <li key={tag.tag} className={styles.tag}>
            <span className={styles.tagName} dir="auto" title={tag.tag}>
              {tag.tag}
            </span>
            <span className={styles.tagPairs}>{tag.pairs}</span>
            <RangeChart value={tag.difference} interval={tag.interval} reach={reach} verdict={tag.verdict} />
            {tag.tooFew ? <Verdict measure={{ ...tag, ...UNIT }} /> : <span className="tabular">{differenceWords(UNIT, tag.difference)}</span>}
          </li>
        ))}
      </ul>
    </section>
  );
}
