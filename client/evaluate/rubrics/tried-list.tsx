import type { GradeOutcome } from '@switchyard/shared/contracts/evaluation/graders.ts';
import { IconCheck, IconX } from '@tabler/icons-react';
import { inOneLine, inputInOneLine } from '../datasets/parts/item-words.ts';
import styles from './rubrics.module.css';
import type { TriedOutput } from './use-rubric-try.ts';

/** Judged outputs with both verdicts. Disagreements first, then what couldn’t be graded. */
export function TriedList({ tried }: { tried: readonly TriedOutput[] }) {
  const sorted = [...tried].sort((one, other) => orderOf(one) - orderOf(other));
  return (
    <ul className={styles.tried} aria-label="Graded outputs">
      {sorted.map((one) => (
        <TriedLine key={one.judged.id} tried={one} />
      ))}
    </ul>
  );
}

const orderOf = ({ judged, outcome }: TriedOutput): number => ('verdict' in outcome ? (outcome.verdict === judged.verdict ? 2 : 0) : 1);

function TriedLine({ tried: { judged, outcome } }: { tried: TriedOutput }) {
  const differs = 'verdict' in outcome && outcome.verdict !== judged.verdict;
  return (
    <li className={styles.line} data-differs={differs || undefined}>
      <div className={styles.texts}>
        <p className={styles.quiet} dir="auto">
          {inputInOneLine(judged.input)}
        </p>
        <p dir="auto">{inOneLine(judged.output)}</p>
      </div>
      <div className={styles.says}>
        <Verdict verdict={judged.verdict} by={judged.by} />
        <p className={styles.quiet}>{judged.reason}</p>
      </div>
      <div className={styles.says}>
        <Judge outcome={outcome} />
      </div>
    </li>
  );
}

function Judge({ outcome }: { outcome: GradeOutcome }) {
  if ('error' in outcome) return <p className={styles.fault}>Not graded: {outcome.error}</p>;
  return (
    <>
      <Verdict verdict={outcome.verdict} by={`Judge, ${outcome.score.toFixed(2)}`} />
      <p className={styles.quiet}>{outcome.reason}</p>
    </>
  );
}

const LABELS = { pass: 'Pass', fail: 'Fail' } as const;

function Verdict({ verdict, by }: { verdict: 'pass' | 'fail'; by: string }) {
  const Glyph = verdict === 'pass' ? IconCheck : IconX;
  return (
    <p className={styles.verdict} data-verdict={verdict}>
      <Glyph size={14} stroke={2} aria-hidden />
      {LABELS[verdict]} <span className={styles.by}>{by}</span>
    </p>
  );
}
