import { Button, Select } from '@mantine/core';
import type { Experiment, ExperimentComparison, PairOutcome } from '@switchyard/shared/contracts/evaluation/experiments.ts';
import { IconRocket } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { formatDuration } from '../../../ui/format.ts';
import type { Shown } from '../common/experiment-search.ts';
import { itemWords, percent } from '../common/words.ts';
import { MeasuresTable } from './measures-table.tsx';
import { Squares } from './squares.tsx';
import styles from './summary.module.css';
import { TagList } from './tag-list.tsx';

interface Props {
  readonly experiment: Experiment;
  readonly comparison: ExperimentComparison | undefined;
  readonly baselines: readonly Experiment[];
  readonly baseline: Experiment | undefined;
  readonly shown: Shown | undefined;
  readonly onBaseline: (id: string | null) => void;
  readonly onShow: (shown: PairOutcome | undefined) => void;
}

/** The answer in a sentence, then the measures it rests on. */
export function Summary({ experiment, comparison, baselines, baseline, shown, onBaseline, onShow }: Props) {
  return (
    <section className={styles.summary} aria-label="Result">
      <div className={styles.head}>
        <div className={styles.words}>
          <h2 className={styles.headline}>{comparison?.headline ?? ownHeadline(experiment)}</h2>
          <p className={styles.detail}>{comparison?.detail ?? ownDetail(experiment)}</p>
        </div>
        {comparison?.verdict === 'better' && isOfDraft(experiment) && experiment.workflowId && (
          <Button
            variant="filled"
            leftSection={<IconRocket size={16} stroke={1.7} />}
            renderRoot={(props) => <Link {...props} to="/workflows/$id" params={{ id: experiment.workflowId ?? '' }} hash="publish" />}
          >
            Publish draft
          </Button>
        )}
        {baselines.length > 0 && (
          <Select
            aria-label="Compare with"
            placeholder="Compare with…"
            data={baselines.map(({ id, name, label }) => ({ value: id, label: `${label} · ${name}` }))}
            value={baseline?.id ?? null}
            onChange={onBaseline}
            clearable
            searchable
            w={230}
          />
        )}
      </div>
      {comparison ? (
        <div className={styles.figures}>
          <div className={styles.table}>
            <MeasuresTable comparison={comparison} />
          </div>
          <div>
            <Squares comparison={comparison} shown={shown} onShow={onShow} />
            <TagList tags={comparison.tags} />
          </div>
        </div>
      ) : (
        experiment.counts.graded > 0 && <OwnFigures experiment={experiment} />
      )}
    </section>
  );
}

const isOfDraft = ({ subject, status }: Experiment): boolean => subject.kind === 'workflow' && subject.version === 'draft' && status === 'finished';

const ownHeadline = ({ counts, label }: Experiment): string =>
  counts.graded === 0 ? 'No item is graded yet' : `${label === 'Draft' ? 'The draft' : label} passes ${counts.passed} of ${itemWords(counts.graded)}`;

function ownDetail({ counts, passInterval }: Experiment): string {
  if (!passInterval) return 'Figures appear after the first result.';
  const leftOut = [
    ...(counts.stopped > 0 ? [`${counts.stopped} stopped`] : []),
    ...(counts.errored > 0 ? [`${counts.errored} ${counts.errored === 1 ? 'error' : 'errors'}`] : []),
    ...(counts.open > 0 ? [`${counts.open} not finished`] : []),
  ];
  const range = `The 95% confidence interval of the pass rate is ${percent(passInterval.low)} to ${percent(passInterval.high)}.`;
  return leftOut.length === 0 ? range : `${range} Left out: ${leftOut.join(', ')}.`;
}

/** Figures of one experiment, without a baseline. */
function OwnFigures({ experiment: { counts, score, graderScores, medianMs } }: { experiment: Experiment }) {
  return (
    <dl className={styles.own}>
      <div>
        <dt>Passed</dt>
        <dd>{percent(counts.passed / counts.graded)}</dd>
      </div>
      <div>
        <dt>Score</dt>
        <dd>{score?.toFixed(2) ?? '–'}</dd>
      </div>
      {graderScores.length > 1 &&
        graderScores.map((grader, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: graders are fixed, in this order
          <div key={index}>
            <dt>{grader.label}</dt>
            <dd>{grader.score?.toFixed(2) ?? '–'}</dd>
          </div>
        ))}
      <div>
        <dt>Time, median</dt>
        <dd>{medianMs === null ? '–' : formatDuration(medianMs)}</dd>
      </div>
    </dl>
  );
}
