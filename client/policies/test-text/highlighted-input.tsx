import { useId } from 'react';
import styles from './test-text.module.css';

interface Span {
  readonly start: number;
  readonly end: number;
}

interface Props {
  readonly label: string;
  readonly text: string;
  readonly matches: readonly Span[] | undefined;
  readonly onChange: (text: string) => void;
}

/** The preview explains texts up to this length. */
const MAX_LENGTH = 4_000;

/** A text to type, with marks behind what was found. A copy of the text below it carries the marks and gives the field its height. */
export function HighlightedInput({ label, text, matches = [], onChange }: Props) {
  const id = useId();
  return (
    <div>
      <label className={styles.label} htmlFor={id}>
        {label}
      </label>
      <div className={styles.input}>
        <div className={styles.behind} aria-hidden>
          {marked(text, matches)}
          {'\u200b'}
        </div>
        <textarea
          id={id}
          className={styles.typed}
          value={text}
          maxLength={MAX_LENGTH}
          placeholder="Paste a message, or a JSON body to test fields"
          spellCheck={false}
          autoComplete="off"
          onChange={(event) => onChange(event.currentTarget.value)}
        />
      </div>
    </div>
  );
}

function marked(text: string, matches: readonly Span[]) {
  const ends = matches.map(({ end }) => end);
  return [
    ...matches.flatMap(({ start, end }, index) => [
      text.slice(ends[index - 1] ?? 0, start),
      <mark key={start} className={styles.found}>
        {text.slice(start, end)}
      </mark>,
    ]),
    text.slice(ends.at(-1) ?? 0),
  ];
}
