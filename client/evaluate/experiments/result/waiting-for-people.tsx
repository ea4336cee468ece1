import { Button } from '@mantine/core';
import type { Experiment, ExperimentResult } from '@switchyard/shared/contracts/evaluation/experiments.ts';
import { agreementOf } from '@switchyard/shared/evaluation/agreement.ts';
import { IconUserCheck } from '@tabler/icons-react';
import { MOST_WAITING, useGradedResults, useWaitingResults } from '../../../api/evaluation/experiment-queries.ts';
import { itemWords } from '../common/words.ts';
import styles from './progress.module.css';

/** How many items wait for a person’s grade, and how often people and the judge agree. Nothing without such a grader. */
export function WaitingForPeople({ experiment, onOpen }: { experiment: Experiment; onOpen: (index: number) => void }) {
  const { id, graders, items, counts } = experiment;
  const person = graders.findIndex(({ kind }) => kind === 'person');
  const judge = graders.findIndex(({ kind }) => kind === 'model');
  const { data: waiting = [] } = useWaitingResults(id, items - counts.open, person !== -1);
  const { data: graded = [] } = useGradedResults(id, counts.graded, person !== -1 && judge !== -1);
  const [first] = waiting;
  const words = [
    ...(first ? [waiting.length < MOST_WAITING ? waitingWords(waiting.length) : `At least ${waitingWords(MOST_WAITING)}`] : []),
    ...(judge !== -1 && graded.length > 0 ? [agreementWords(graded, { person, judge })] : []),
  ];
  if (words.length === 0) return null;
  return (
    <section className={styles.strip} aria-label="Grades by people">
      <div className={styles.line}>
        <IconUserCheck size={16} stroke={1.7} aria-hidden />
        <p role="status">{words.join(' · ')}</p>
        {first && (
          <Button size="xs" className={styles.raise} onClick={() => onOpen(first.index)}>
            Grade
          </Button>
        )}
      </div>
    </section>
  );
}

const waitingWords = (count: number): string => `${itemWords(count)} ${count === 1 ? 'waits' : 'wait'} for a person’s grade`;

/** Fewer can’t tell. */
const LEAST = 20;

function agreementWords(results: readonly ExperimentResult[], { person, judge }: { readonly person: number; readonly judge: number }): string {
  const pairs = results.flatMap(({ trials }) =>
    trials.flatMap(({ grades }) => {
      const [by, model] = [grades[person], grades[judge]];
      return by && model && 'verdict' in by && 'verdict' in model ? [{ person: by.verdict, judge: model.verdict }] : [];
    }),
  );
  const { total, agreed, kappa } = agreementOf(pairs);
  const share = `People and the judge agree on ${agreed} of ${total}`;
  if (total < LEAST) return `${share} (too few to tell)`;
  return kappa === null ? share : `${share}, kappa ${kappa.toFixed(2)}`;
}
