import { Button, Progress, Select } from '@mantine/core';
import type { GraderOf } from '@switchyard/shared/contracts/evaluation/graders.ts';
import { type Agreement, agreementOf } from '@switchyard/shared/evaluation/agreement.ts';
import { IconPlayerPlay, IconPlayerStop } from '@tabler/icons-react';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useDatasets } from '../../api/evaluation/dataset-queries.ts';
import { useJudgments } from '../../api/evaluation/rubric-queries.ts';
import { ErrorState } from '../../frame/error-state.tsx';
import { formatCost } from '../../ui/format.ts';
import styles from './rubrics.module.css';
import { TriedList } from './tried-list.tsx';
import { type TriedOutput, useRubricTry } from './use-rubric-try.ts';

interface TryProps {
  readonly draft: { readonly name: string; readonly text: string; readonly route: string; readonly passScore: number };
  readonly isComplete: boolean;
}

/** Tries the rubric, saved or not, on outputs that people have judged, and says how often they agree. */
export function TryRubric({ draft: { text, route, passScore }, isComplete }: TryProps) {
  const { dataset = '' } = useSearch({ from: '/evaluate/rubrics' });
  const navigate = useNavigate({ from: '/evaluate/rubrics' });
  const datasets = useDatasets();
  const judgments = useJudgments(dataset);
  const { tried, total, isRunning, start, stop } = useRubricTry();
  const judged = judgments.data ?? [];
  const grader: GraderOf<'model'> = { kind: 'model', rubric: text, route, passScore };
  return (
    <section className={styles.try} aria-label="Try on judged outputs">
      <div className={styles.tools}>
        <Select
          label="Try on judged outputs of"
          placeholder="Choose a dataset"
          searchable
          data={(datasets.data ?? []).map(({ id, name }) => ({ value: id, label: name }))}
          value={dataset === '' ? null : dataset}
          allowDeselect={false}
          onChange={(value) => void navigate({ search: (before) => ({ ...before, ...(value !== null && { dataset: value }) }), replace: true })}
        />
        {isRunning ? (
          <Button leftSection={<IconPlayerStop size={16} stroke={1.7} />} onClick={stop}>
            Stop
          </Button>
        ) : (
          <Button leftSection={<IconPlayerPlay size={16} stroke={1.7} />} disabled={!isComplete || judged.length === 0} onClick={() => start(grader, judged)}>
            {judged.length > 0 ? `Grade ${judged.length === 1 ? '1 output' : `${judged.length} outputs`}` : 'Grade outputs'}
          </Button>
        )}
      </div>
      {judgments.error && !judgments.data && <ErrorState title="Couldn’t load judgments" error={judgments.error} retry={() => void judgments.refetch()} />}
      {dataset !== '' && judgments.data?.length === 0 && (
        <p className={styles.quiet}>No outputs in this dataset have been judged yet. Open an item there and judge an output.</p>
      )}
      {isRunning && <Progress value={(100 * (tried?.length ?? 0)) / Math.max(1, total)} aria-label="Graded outputs" />}
      {tried && tried.length > 0 && <Result tried={tried} />}
    </section>
  );
}

function Result({ tried }: { tried: readonly TriedOutput[] }) {
  const agreement = agreementOf(tried.flatMap(({ judged, outcome }) => ('verdict' in outcome ? [{ person: judged.verdict, judge: outcome.verdict }] : [])));
  const costs = tried.flatMap(({ outcome: { costMicros } }) => (costMicros === undefined ? [] : [costMicros]));
  const cost = costs.some((micros) => micros === null) ? null : costs.reduce<number>((sum, micros) => sum + (micros ?? 0), 0);
  return (
    <>
      <p className={styles.headline} role="status">
        <strong>{headline(agreement)}</strong>
        {agreement.total < ENOUGH && (
          <span className={styles.few}>
            too few to tell: {agreement.total} of {ENOUGH}
          </span>
        )}
        <span className={styles.quiet}>
          {agreement.kappa !== null && `Cohen’s kappa ${agreement.kappa.toFixed(2)} · `}
          {agreement.tooStrict} too strict · {agreement.tooLenient} too lenient
          {tried.length > agreement.total && ` · ${tried.length - agreement.total} not graded`} · {formatCost(cost)}
        </span>
      </p>
      <TriedList tried={tried} />
    </>
  );
}

/** Fewer judged outputs say little about a rubric. */
const ENOUGH = 20;

const headline = ({ agreed, total }: Agreement): string =>
  total === 0 ? 'Nothing could be graded' : `Agrees with people on ${agreed} of ${total} (${Math.round((100 * agreed) / total)}%)`;
