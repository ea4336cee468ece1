import styles from './changed-text.module.css';
import { textChanges } from './text-changes.ts';

/** What was changed in a draft: taken out struck through, put in underlined; for screen readers as insertions and deletions. */
export function ChangedText({ label, draft, text }: { label: string; draft: string; text: string }) {
  const parts = textChanges(draft, text);
  return (
    <figure>
      <figcaption className={styles.label}>{label}, changes to the draft</figcaption>
      <p className={styles.text}>
        {parts.map((part, index) => {
          const Mark = part.kind === 'added' ? 'ins' : part.kind === 'removed' ? 'del' : 'span';
          return (
            // biome-ignore lint/suspicious/noArrayIndexKey: parts have no identity but their place
            <Mark key={index}>{part.text}</Mark>
          );
        })}
      </p>
    </figure>
  );
}
