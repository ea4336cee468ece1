import { SegmentedControl } from '@mantine/core';
import type { Correction } from '@switchyard/shared/contracts/evaluation/corrections.ts';
import { isRemoved } from '@switchyard/shared/run/removed.ts';
import { useState } from 'react';
import { ChangedText, ChangedValue } from '../../../text-changes/changed-text.tsx';
import { valueWords } from '../list/gist.ts';
import styles from './correction-detail.module.css';

type View = 'changes' | 'draft' | 'result';

/** What the reviewer changed, as text with marks, or only one of the two texts. */
export function Changes({ correction: { changes } }: { correction: Correction }) {
  const [view, setView] = useState<View>('changes');
  return (
    <section className={styles.changes} aria-label="What the reviewer changed">
      <div className={styles.bar}>
        <h3 className={styles.section}>What the reviewer changed</h3>
        <SegmentedControl
          size="xs"
          aria-label="Show"
          value={view}
          onChange={(value) => setView(value as View)}
          data={[
            { value: 'changes', label: 'Changes' },
            { value: 'draft', label: 'Draft' },
            { value: 'result', label: 'Result' },
          ]}
        />
      </div>
      {changes.map((change) => (
        <Change key={change.field} change={change} view={view} />
      ))}
    </section>
  );
}

const isText = (value: unknown): boolean => value === null || typeof value === 'string';

function Change({ change, view }: { change: Correction['changes'][number]; view: View }) {
  const { before, after, unit } = change;
  const caption = change.label || change.field;
  if (isRemoved(before) || isRemoved(after)) return <p className={styles.removed}>{caption} was changed. The data policy no longer keeps the texts.</p>;
  if (view !== 'changes') return <PlainText caption={caption} text={valueWords(view === 'draft' ? before : after)} />;
  if (isText(before) && isText(after)) return <ChangedText caption={caption} draft={valueWords(before)} text={valueWords(after)} />;
  return <ChangedValue caption={caption} draft={before} value={after} unit={unit} />;
}

const PlainText = ({ caption, text }: { caption: string; text: string }) => (
  <figure>
    <figcaption className={styles.caption}>{caption}</figcaption>
    <p className={styles.text} dir="auto">
      {text === '' ? 'empty' : text}
    </p>
  </figure>
);
