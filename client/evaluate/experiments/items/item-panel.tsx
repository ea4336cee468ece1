import { ActionIcon, Button, Skeleton } from '@mantine/core';
import type { Experiment, ExperimentResultValues } from '@switchyard/shared/contracts/evaluation/experiments.ts';
import type { GradeOutcome } from '@switchyard/shared/contracts/evaluation/graders.ts';
import { IconAlertTriangle, IconChevronDown, IconChevronUp, IconCircleCheck, IconCircleX, IconSitemap, IconX } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { useExperimentResult } from '../../../api/evaluation/experiment-queries.ts';
import { ErrorState } from '../../../frame/error-state.tsx';
import { type TextPart, textChanges } from '../../../text-changes/text-changes.ts';
import { ButtonLink } from '../../../ui/button-link.tsx';
import { Tags } from './item-list.tsx';
import styles from './item-panel.module.css';
import { PersonGrade } from './person-grade.tsx';
import { fieldChanges, mainTexts, textOf } from './value-text.ts';

interface Props {
  readonly experiment: Experiment;
  readonly index: number;
  /** The run of the baseline, if it has one. */
  readonly baseline?: { readonly label: string; readonly runId: string | null } | undefined;
  readonly onStep: (by: 1 | -1) => void;
  readonly onClose: () => void;
  readonly onOpen: (index: number) => void;
}

/** One item: what was expected and what came out, side by side, and what each grader says. */
export function ItemPanel({ experiment, index, baseline, onStep, onClose, onOpen }: Props) {
  const { data, error, refetch } = useExperimentResult(experiment.id, index);
  return (
    <section className={styles.panel} aria-label={`Item ${index + 1}`}>
      <header className={styles.header}>
        <div className={styles.names}>
          <p className={styles.place}>
            Item {index + 1}
            {data?.result.sourceRunId && (
              <>
                {' · from '}
                <Link to="/runs/$id" params={{ id: data.result.sourceRunId }} className={styles.link}>
                  a run
                </Link>
              </>
            )}
          </p>
          <h2 className={styles.title} dir="auto">
            {data?.result.title ?? 'Loading'}
          </h2>
        </div>
        <ActionIcon variant="subtle" aria-label="Previous item" onClick={() => onStep(-1)}>
          <IconChevronUp size={18} stroke={1.6} />
        </ActionIcon>
        <ActionIcon variant="subtle" aria-label="Next item" onClick={() => onStep(1)}>
          <IconChevronDown size={18} stroke={1.6} />
        </ActionIcon>
        <ActionIcon variant="subtle" aria-label="Close item" onClick={onClose}>
          <IconX size={18} stroke={1.6} />
        </ActionIcon>
      </header>
      <div className={styles.body}>
        {error && !data && <ErrorState title="Couldn’t load item" error={error} retry={() => void refetch()} />}
        {!data && !error && (
          <div role="status" aria-label="Loading item">
            <Skeleton height={120} />
          </div>
        )}
        {data && <Values experiment={experiment} values={data} />}
        {data && 'output' in data && experiment.graders.some(({ kind }) => kind === 'person') && (
          <PersonGrade experiment={experiment} index={index} onNext={onOpen} />
        )}
      </div>
      {data && (
        <footer className={styles.foot}>
          {data.result.trials.map(({ runId }, trial) =>
            runId ? (
              <ButtonLink key={runId} to="/runs/$id" params={{ id: runId }} leftSection={<IconSitemap size={16} stroke={1.7} />}>
                {experiment.trials > 1 ? `Trial ${trial + 1} on canvas` : `${experiment.label} run on canvas`}
              </ButtonLink>
            ) : null,
          )}
          {baseline?.runId && (
            <ButtonLink to="/runs/$id" params={{ id: baseline.runId }} variant="subtle">
              {baseline.label} run
            </ButtonLink>
          )}
          {data.result.trials.every(({ runId }) => runId === null) && <Button disabled>No run was started</Button>}
        </footer>
      )}
    </section>
  );
}

function Values({ experiment, values }: { experiment: Experiment; values: ExperimentResultValues }) {
  const { result, input, expected, output } = values;
  const hasExpected = 'expected' in values;
  const hasOutput = 'output' in values;
  const texts = hasExpected && hasOutput ? mainTexts(expected, output) : undefined;
  const parts = texts ? textChanges(texts.expected, texts.output) : [];
  const fields = texts ? fieldChanges(expected, output).filter(({ path }) => path !== texts.path) : [];
  return (
    <>
      <Tags tags={result.tags} />
      <details className={styles.input}>
        <summary>Input</summary>
        <pre dir="auto">{textOf(input)}</pre>
      </details>
      <div className={styles.sides}>
        {texts ? (
          <>
            <Marked title="Expected" parts={parts} shows="removed" />
            <Marked title={`${experiment.label} answered`} parts={parts} shows="added" />
          </>
        ) : (
          <>
            <Shown title="Expected" value={hasExpected ? textOf(expected) : undefined} none="The item has no expected value." />
            <Shown title={`${experiment.label} answered`} value={hasOutput ? textOf(output) : undefined} none="The run has no output." />
          </>
        )}
      </div>
      {fields.length > 0 && (
        <dl className={styles.fields}>
          {fields.map(({ path, isSame, expected: wanted, output: got }) => (
            <div key={path} className={styles.field}>
              <dt>{path}</dt>
              <dd dir="auto">
                {isSame ? (
                  wanted
                ) : (
                  <>
                    <ins>{wanted}</ins> got <del>{got}</del>
                  </>
                )}
              </dd>
              <dd data-same={isSame}>{isSame ? '✓ same' : '× differs'}</dd>
            </div>
          ))}
        </dl>
      )}
      {result.status !== 'graded' && (
        <p className={styles.leftOut}>
          <IconAlertTriangle size={16} stroke={1.7} aria-hidden /> Left out of the scores: {result.reason}
        </p>
      )}
      {result.trials.map(({ grades }, trial) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: trials have no identity other than their number
        <Grades key={trial} experiment={experiment} grades={grades} title={experiment.trials > 1 ? `Trial ${trial + 1}` : undefined} />
      ))}
    </>
  );
}

/** One side of the comparison, with the words marked that only it has. */
function Marked({ title, parts, shows }: { title: string; parts: readonly TextPart[]; shows: 'removed' | 'added' }) {
  return (
    <figure className={styles.shown}>
      <figcaption className={styles.caption}>{title}</figcaption>
      <p className={styles.value} dir="auto">
        {parts.map((part, index) => {
          if (part.kind !== 'same' && part.kind !== shows) return null;
          const Mark = part.kind === 'same' ? 'span' : shows === 'removed' ? 'ins' : 'del';
          return (
            // biome-ignore lint/suspicious/noArrayIndexKey: parts have no identity other than their position
            <Mark key={index}>{part.text}</Mark>
          );
        })}
      </p>
    </figure>
  );
}

function Shown({ title, value, none }: { title: string; value: string | undefined; none: string }) {
  return (
    <figure className={styles.shown}>
      <figcaption className={styles.caption}>{title}</figcaption>
      <p className={styles.value} data-none={value === undefined || undefined} dir="auto">
        {value ?? none}
      </p>
    </figure>
  );
}

function Grades({ experiment, grades, title }: { experiment: Experiment; grades: readonly GradeOutcome[]; title: string | undefined }) {
  if (grades.length === 0) return null;
  return (
    <section aria-label={title ?? 'Graders'}>
      {title && <h3 className={styles.trial}>{title}</h3>}
      <ul>
        {grades.map((grade, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: graders are fixed, in this order
          <li key={index} className={styles.grade}>
            <Mark grade={grade} />
            <div className={styles.gradeText}>
              <b>{experiment.graderScores[index]?.label}</b>
              <p dir="auto">{'error' in grade ? grade.error : grade.reason}</p>
            </div>
            <span className="tabular">{'error' in grade ? (grade.pending ? 'waiting' : 'error') : grade.score.toFixed(2)}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Mark({ grade }: { grade: GradeOutcome }) {
  if ('error' in grade) return <IconAlertTriangle size={16} stroke={1.7} className={styles.error} role="img" aria-label="Error" />;
  const passed = grade.verdict === 'pass';
  const Glyph = passed ? IconCircleCheck : IconCircleX;
  return <Glyph size={16} stroke={1.7} className={passed ? styles.passed : styles.failed} role="img" aria-label={passed ? 'Passed' : 'Failed'} />;
}
