import { useElementSize } from '@mantine/hooks';
import type { Figures, Insight, Share } from '@switchyard/shared/contracts/insight/insight.ts';
import { shareChange, shareWords } from '../common/words.ts';
import styles from './chart.module.css';
import { ChangeWords } from './figure.tsx';
import { Line } from './plot.tsx';
import { TooFew } from './too-few.tsx';

type RateName = 'escalation' | 'correction' | 'override' | 'fallback' | 'badRatings';

const RATES: readonly { readonly rate: RateName; readonly label: string; readonly words: string; readonly definition: string }[] = [
  { rate: 'escalation', label: 'Escalated', words: 'asked a person', definition: 'Runs that asked a person ÷ ended runs' },
  { rate: 'correction', label: 'Corrected', words: 'of decided reviews', definition: 'Decided reviews that changed the draft ÷ decided reviews' },
  {
    rate: 'override',
    label: 'Overridden',
    words: 'a person chose differently',
    definition: 'Decisions other than the first option, or to exceed a budget ÷ decisions on reviews and budgets',
  },
  {
    rate: 'fallback',
    label: 'Fallback',
    words: 'a fallback target responded',
    definition: 'Runs with a call served by a fallback target ÷ runs with model calls',
  },
  { rate: 'badRatings', label: 'Rated badly', words: 'of rated runs', definition: 'Runs whose feedback has a mean score below 0.5 ÷ runs with a score' },
];

/** Rates in the range, each with its definition in words. */
export function Rates({ data, span }: { data: Insight; span: string }) {
  return (
    <section className={styles.rates} aria-label="Rates">
      <h2 className={styles.ratesTitle}>
        Rates{' '}
        <span>
          in {span}, and the change from the {span} before
        </span>
      </h2>
      <ul>
        {RATES.map((rate) => (
          <Rate key={rate.rate} {...rate} data={data} />
        ))}
      </ul>
    </section>
  );
}

const HEIGHT = 36;
const INSET = 4;

function Rate({ rate, label, words, definition, data }: (typeof RATES)[number] & { data: Insight }) {
  const { ref, width } = useElementSize();
  const of = (figures: Figures): Share => figures[rate];
  const [now, before] = [of(data.total), of(data.before)];
  const high = Math.max(0.01, ...data.points.map(({ figures }) => of(figures).value ?? 0));
  const pitch = width / data.points.length;
  const points = data.points.map(({ figures }, index) => {
    const { value, enough } = of(figures);
    return value === null ? null : { x: pitch * (index + 0.5), y: HEIGHT - (value / high) * (HEIGHT - INSET), enough };
  });
  const change = shareChange(now, before, 'less');
  return (
    <li title={definition}>
      <h3>{label}</h3>
      <div ref={ref}>
        {width > 0 && (
          <svg width={width} height={HEIGHT} role="img" aria-label={`${label}: ${shareWords(now)}, ${now.count} of ${now.of}. ${definition}.`}>
            <Line points={points} tone={change?.isBetter === false ? 'bad' : 'live'} foot={HEIGHT} />
          </svg>
        )}
      </div>
      <p className={styles.value}>
        <b>{shareWords(now)}</b> <ChangeWords change={change} /> {!now.enough && <TooFew of={now.of} />}
      </p>
      <p>{words}</p>
    </li>
  );
}
