import { Button, Textarea } from '@mantine/core';
import type { Experiment } from '@switchyard/shared/contracts/evaluation/experiments.ts';
import { IconCheck, IconX } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import { useGradeResult, useWaitingResults } from '../../../api/evaluation/experiment-queries.ts';
import { SendError } from '../../../frame/send-error.tsx';
import { Kbd } from '../../../ui/kbd.tsx';
import styles from './person-grade.module.css';

interface Props {
  readonly experiment: Experiment;
  readonly index: number;
  /** Opens another item that waits for a grade. */
  readonly onNext: (index: number) => void;
}

/** A person’s grade of an output: pass or fail, with a reason, by button or key. Then the next item that waits opens. */
export function PersonGrade({ experiment, index, onNext }: Props) {
  const grader = experiment.graders.find(({ kind }) => kind === 'person');
  const { data: waiting } = useWaitingResults(experiment.id, experiment.items - experiment.counts.open, true);
  const grade = useGradeResult(experiment.id, index);
  const [reason, setReason] = useState('');
  const mine = waiting?.find((result) => result.index === index);
  const trial = Math.max(0, mine?.trials.findIndex(({ grades }) => grades.some((one) => 'error' in one && one.pending)) ?? 0);
  const say = (verdict: 'pass' | 'fail'): void => {
    if (grade.isPending) return;
    const next = waiting?.find((result) => result.index > index) ?? waiting?.find((result) => result.index !== index);
    grade.mutate({ trial, verdict, reason: reason.trim() }, { onSuccess: ({ status }) => status === 'graded' && next && onNext(next.index) });
  };
  useVerdictKeys(say);
  return (
    <section className={styles.form} aria-label="Your grade">
      <h3>Your grade{experiment.trials > 1 && ` of trial ${trial + 1}`}</h3>
      {grader?.kind === 'person' && grader.instructions && <p>{grader.instructions}</p>}
      <Textarea label="Reason" value={reason} maxLength={1_000} autosize minRows={1} maxRows={4} onChange={(event) => setReason(event.currentTarget.value)} />
      <SendError error={grade.error} />
      <div className={styles.buttons}>
        <Button leftSection={<IconX size={16} />} rightSection={<Kbd>F</Kbd>} aria-keyshortcuts="F" disabled={grade.isPending} onClick={() => say('fail')}>
          Fail
        </Button>
        <Button leftSection={<IconCheck size={16} />} rightSection={<Kbd>P</Kbd>} aria-keyshortcuts="P" disabled={grade.isPending} onClick={() => say('pass')}>
          Pass
        </Button>
      </div>
    </section>
  );
}

/** P and F, unless a person is typing. */
function useVerdictKeys(say: (verdict: 'pass' | 'fail') => void): void {
  useEffect(() => {
    const hear = (event: KeyboardEvent): void => {
      const isTyping = event.target instanceof HTMLElement && event.target.closest('input, textarea, [contenteditable], [role="dialog"]') !== null;
      if (isTyping || event.ctrlKey || event.metaKey || event.altKey) return;
      const verdict = { p: 'pass', f: 'fail' } as const;
      const said = verdict[event.key.toLowerCase() as 'p' | 'f'];
      if (!said) return;
      event.preventDefault();
      say(said);
    };
    document.addEventListener('keydown', hear);
    return () => document.removeEventListener('keydown', hear);
  });
}
