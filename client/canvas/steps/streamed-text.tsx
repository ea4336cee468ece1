import { useRef, useState } from 'react';
import { useDeltaDraw, useIsStreaming } from '../../live/run-hooks.ts';
import { writeText } from '../../ui/figures.tsx';
import styles from './streamed-text.module.css';

/** Characters that fill one line of a card. */
const TAIL = 26;
const EXPANDED_TAIL = 4_000;

/** Streamed model output in place of the card’s summary line: the last words, or more once expanded. */
export function StreamedText({ runId, stepId }: { runId: string; stepId: string }) {
  const [expanded, setExpanded] = useState(false);
  if (!useIsStreaming(runId, stepId)) return null;
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
          <Words runId={runId} stepId={stepId} expanded={expanded} />
          <i className={styles.caret} />
        </span>
      </span>
    </button>
  );
}

function Words({ runId, stepId, expanded }: { runId: string; stepId: string; expanded: boolean }) {
  const place = useRef<HTMLSpanElement>(null);
  useDeltaDraw(runId, stepId, (text) => {
    if (place.current) writeText(place.current, expanded ? endOf(text, EXPANDED_TAIL) : endOf(text.slice(-TAIL * 4).replace(/\s+/g, ' '), TAIL));
  });
  return <span ref={place} />;
}

/** At most `length` characters from the end of a text. */
const endOf = (text: string, length: number): string => (text.length > length ? `… ${tail(text, length)}` : text);

/** The end of a text, starting at a word boundary. */
function tail(text: string, length: number): string {
  const end = text.slice(-length);
  const space = end.indexOf(' ');
  return space > 0 && space < length / 2 ? end.slice(space + 1) : end;
}
