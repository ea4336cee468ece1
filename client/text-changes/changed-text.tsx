import styles from './changed-text.module.css';
import { textChanges } from './text-changes.ts';

/** A value other than text: before and after. */
export function ChangedValue({ caption, draft, value, unit }: { caption: string; draft: unknown; value: unknown; unit?: string | undefined }) {
  const words = (one: unknown): string => {
    if (one === null || one === undefined || one === '') return 'nothing';
    const said = typeof one === 'boolean' ? (one ? 'yes' : 'no') : typeof one === 'object' ? JSON.stringify(one, null, 2) : String(one);
    return unit ? `${said} ${unit}` : said;
  };
  return (
    <figure>
      <figcaption className={styles.label}>{caption}</figcaption>
      <p className={styles.text}>
        <del>{words(draft)}</del> <span aria-hidden>→</span> <ins>{words(value)}</ins>
      </p>
    </figure>
  );
}

/** The changes to a text: removed words struck through, added words underlined; insertions and deletions for screen readers. */
export function ChangedText({ caption, draft, text }: { caption: string; draft: string; text: string }) {
  const parts = textChanges(draft, text);
  return (
    <figure>
      <figcaption className={styles.label}>{caption}</figcaption>
      <p className={styles.text}>
        {parts.map((part, index) => {
          const Mark = part.kind === 'added' ? 'ins' : part.kind === 'removed' ? 'del' : 'span';
          return (
            // biome-ignore lint/suspicious/noArrayIndexKey: parts have no identity other than their position
            <Mark key={index}>{part.text}</Mark>
          );
        })}
      </p>
    </figure>
  );
}
