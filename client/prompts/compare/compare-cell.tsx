import { textChanges } from '../../text-changes/text-changes.ts';
import { Answer } from '../../tries/answer.tsx';
import type { Try } from '../../tries/tries.ts';
import styles from './compare.module.css';

interface Props {
  readonly state: Try | undefined;
  /** The baseline’s answer to the same sample. Undefined for the baseline, and while differences aren’t marked. */
  readonly baseline: Try | undefined;
  readonly baselineName: string;
}

/** One answer. If it equals the baseline’s, one gray line says so. */
export function CompareCell({ state, baseline, baselineName }: Props) {
  if (!state) return <span className={styles.quiet}>Not run yet</span>;
  const other = baseline?.kind === 'done' ? baseline.result.text : undefined;
  return (
    <Answer state={state} short>
      {(text) => {
        if (other === undefined) return text;
        if (text === other) return <span className={styles.quiet}>Same answer as {baselineName}</span>;
        return <Marked baseline={other} text={text} />;
      }}
    </Answer>
  );
}

/** The accent is on what the baseline doesn’t have. */
const Marked = ({ baseline, text }: { baseline: string; text: string }) =>
  textChanges(baseline, text)
    .filter(({ kind }) => kind !== 'removed')
    .map((part, index) => {
      const Part = part.kind === 'added' && part.text.trim() !== '' ? 'mark' : 'span';
      return (
        // biome-ignore lint/suspicious/noArrayIndexKey: parts have no identity other than their position
        <Part key={index} className={styles.part}>
          {part.text}
        </Part>
      );
    });
