import { Button } from '@mantine/core';
import { type Comparison, LEAST_SAMPLES } from '@switchyard/shared/contracts/insight/insight.ts';
import { useState } from 'react';
import { type InsightQuery, useComparison } from '../../api/insight/insight-queries.ts';
import { ErrorState } from '../../frame/error-state.tsx';
import { PageLoading } from '../../frame/page-loading.tsx';
import { formatDuration, formatNumber, formatShare } from '../../ui/format.ts';
import { workWords } from '../common/words.ts';
import { BaselineForm } from './baseline-form.tsx';
import styles from './side.module.css';

/** Time saved, errors, and throughput against the baseline that the owner entered. */
export function ComparisonSection({ query }: { query: InsightQuery }) {
  const { data, error, refetch } = useComparison(query);
  const [edits, setEdits] = useState(false);
  if (error) return <ErrorState title="Couldn’t load comparison" error={error} retry={() => void refetch()} />;
  if (!data) return <PageLoading />;
  const { minutesPerCase } = data.baseline;
  return (
    <section className={styles.section} aria-label="Time saved">
      <h2>
        Time saved
        {minutesPerCase !== null && <span>your baseline: {formatNumber(minutesPerCase)} min a case</span>}
        {!edits && (
          <button type="button" className={styles.edit} onClick={() => setEdits(true)}>
            {data.revision === 0 ? 'Set baseline' : 'Edit'}
          </button>
        )}
      </h2>
      {edits ? (
        <BaselineForm workflowId={query.workflowId} comparison={data} onClose={() => setEdits(false)} />
      ) : data.revision === 0 ? (
        <div className={styles.empty}>
          <p>Enter how long a case took before, how often it went wrong, and how long people waited, to see what changed.</p>
          <Button onClick={() => setEdits(true)}>Set baseline</Button>
        </div>
      ) : (
        <Compared comparison={data} />
      )}
    </section>
  );
}

function Compared({ comparison }: { comparison: Comparison }) {
  const { savedMs, peopleMs, wrong, answerMs, perHour } = comparison;
  return (
    <>
      {savedMs !== null && (
        <>
          <p className={styles.saved}>
            <b>{workWords(savedMs)}</b> saved{peopleMs !== null && peopleMs > 0 && <> · people spent</>}{' '}
            {peopleMs !== null && peopleMs > 0 && <b>{workWords(peopleMs)}</b>}
          </p>
          {savedMs > 0 && (
            <div className={styles.split} aria-hidden>
              <span style={{ flexGrow: savedMs }} />
              <span data-part="people" style={{ flexGrow: peopleMs ?? 0 }} />
            </div>
          )}
        </>
      )}
      <dl className={styles.compared}>
        <Row label="Wrong outcomes" values={wrong} words={formatShare} missing="no rated runs" />
        <Row label="Response time" values={answerMs} words={formatDuration} missing="no runs" />
        <Row
          label="Cases per hour of work"
          values={perHour}
          words={(cases) => cases.toLocaleString('en', { maximumSignificantDigits: 3 })}
          missing="no reviews"
        />
      </dl>
    </>
  );
}

interface RowProps {
  readonly label: string;
  readonly values: Comparison['wrong'];
  readonly words: (value: number) => string;
  readonly missing: string;
}

function Row({ label, values: { before, now, enough }, words, missing }: RowProps) {
  return (
    <div>
      <dt>{label}</dt>
      <dd>
        {before === null ? '–' : words(before)} <span>before</span> <span aria-hidden>→</span>{' '}
        {now === null ? (
          <span>{missing}</span>
        ) : enough ? (
          <b>{words(now)}</b>
        ) : (
          <span title={`Fewer than ${LEAST_SAMPLES} samples`}>{words(now)}, too few to tell</span>
        )}
      </dd>
    </div>
  );
}
