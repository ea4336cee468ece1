import { useState } from 'react';
import { useDelta } from '../../live/run-hooks.ts';
import styles from './streamed-text.module.css';

/** Characters that fill two lines of a card. */
const TAIL = 46;
const EXPANDED_TAIL = 4_000;

/** Streamed model output: the last two lines, or more once expanded. */
export function StreamedText({ runId, stepId }: { runId: string; stepId: string }) {
  const text = useDelta(runId, stepId);
  const [expanded, setExpanded] = useState(false);
  if (text === '') return null;
  const length = expanded ? EXPANDED_TAIL : TAIL;
  const words = expanded ? text : text.slice(-TAIL * 4).replace(/\s+/g, ' ');
  const cut = words.length > length;
  return (
    <button
      type="button"
      className={`${styles.stream} nodrag nopan ${expanded ? 'nowheel' : ''}`}
      data-expanded={expanded || undefined}
      aria-expanded={expanded}
      aria-label={expanded ? 'Show less' : 'Show more'}
      onClick={(event) => {
        event.stopPropagation();
        setExpanded(!expanded);
      }}
    >
      <span className={styles.lines}>
        <span>
          {cut && '… '}
          {cut ? tail(words, length) : words}
          <i className={styles.caret} />
        </span>
      </span>
    </button>
  );
}

/** The end of a text, starting at a word boundary. */
function tail(text: string, length: number): string {
  const end = text.slice(-length);
  const space = end.indexOf(' ');
  return space > 0 && space < length / 2 ? end.slice(space + 1) : end;
}
