import { CloseButton, Tabs } from '@mantine/core';
import type { Review } from '@switchyard/shared/contracts/reviews.ts';
import type { Run } from '@switchyard/shared/contracts/runs.ts';
import type { Graph } from '@switchyard/shared/graph/graph.ts';
import { isEnded, type RunStatus } from '@switchyard/shared/run/state.ts';
import { IconArrowsDiagonal } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { useMemo, useState } from 'react';
import { ErrorState } from '../../frame/error-state.tsx';
import { useOpenReview } from '../../live/review-queries.ts';
import { MiniGraph } from '../../node-look/mini-graph.tsx';
import { BillView } from '../../run-compare/bill-view.tsx';
import { JsonView } from '../../run-look/json-view.tsx';
import { shortId, TRIGGER_LABELS, versionLabel } from '../../run-look/run-labels.ts';
import { RunLabels } from '../../run-look/run-labels.tsx';
import { STATUS_LABELS } from '../../run-look/status-labels.ts';
import { StatusMark } from '../../run-look/status-mark.tsx';
import type { StepLike } from '../../run-look/step-rows.ts';
import { AddRunInput } from '../../run-panel/samples/add-run-input.tsx';
import { type NodeNames, useNodeNames } from './node-names.ts';
import { RunActions } from './run-actions.tsx';
import styles from './run-detail.module.css';
import { RunDetailSkeleton } from './run-detail-skeleton.tsx';
import { RunEvents } from './run-events.tsx';
import { runMarks } from './run-marks.ts';
import { RunSteps } from './run-steps.tsx';
import { type RunView, useRunView } from './use-run-view.ts';

/** One run beside the list: outcome, actions, steps, input, output, and events. */
export function RunDetail({ runId, onClose }: { runId: string; onClose: () => void }) {
  const view = useRunView(runId);
  const names = useNodeNames(runId);
  const [step, setStep] = useState<string>();
  const review = useOpenReview(runId);
  const { run } = view;
  if (view.error) return <ErrorState title="Couldn’t load run" error={view.error} retry={view.retry} />;
  if (!run) return <RunDetailSkeleton onClose={onClose} />;
  return (
    <div className={styles.detail}>
      <header className={styles.head}>
        <div>
          <p className={styles.about}>
            Run <span title={run.id}>{shortId(run.id)}</span> · {run.workflowName} · {versionLabel(run.version)} · {TRIGGER_LABELS[run.trigger]}
          </p>
          <h2 className={styles.title}>
            <StatusMark status={view.status}>{titleOf(view.status, run, names, review)}</StatusMark>
          </h2>
          {run.parent && (
            <p className={styles.about}>
              Started by{' '}
              <Link to="/runs/$id" params={{ id: run.parent.runId }} search={{ step: run.parent.stepId }}>
                run {shortId(run.parent.runId)}
              </Link>
            </p>
          )}
          <RunLabels labels={run.labels} />
        </div>
        <CloseButton onClick={onClose} aria-label="Close run" />
      </header>
      <RunActions run={run} status={view.status} step={step ?? run.error?.stepId} />
      <RunGraph runId={run.id} graph={names.graph} steps={view.steps} />
      <RunTabs run={run} view={view} names={names} step={step} onStep={setStep} />
    </div>
  );
}

/** “Failed at Post to ledger”, “Waiting for Support”, “Succeeded”, … */
function titleOf(status: RunStatus, run: Run, names: NodeNames, review: Review | undefined): string {
  const key = run.error?.nodeKey;
  if (status === 'waiting' && review) return `Waiting for ${review.assignee ?? 'review'}: ${review.title}`;
  return status === 'failed' && key ? `Failed at ${names.nameOf(key, '').title}` : STATUS_LABELS[status];
}

interface RunTabsProps {
  readonly run: Run;
  readonly view: RunView;
  readonly names: NodeNames;
  readonly step: string | undefined;
  readonly onStep: (stepId: string | undefined) => void;
}

function RunTabs({ run, view, names, step, onStep }: RunTabsProps) {
  return (
    <Tabs defaultValue="steps" keepMounted={false}>
      <Tabs.List className={styles.tabs}>
        <Tabs.Tab value="steps">Steps</Tabs.Tab>
        <Tabs.Tab value="input">Input</Tabs.Tab>
        <Tabs.Tab value="output">Output</Tabs.Tab>
        <Tabs.Tab value="events">Events {view.seq}</Tabs.Tab>
        <Tabs.Tab value="materials">Materials</Tabs.Tab>
      </Tabs.List>
      <Tabs.Panel value="steps" className={styles.panel}>
        <RunSteps run={run} view={view} names={names} step={step} onStep={onStep} />
      </Tabs.Panel>
      <Tabs.Panel value="input" className={styles.panel}>
        <JsonView value={run.input} runId={run.id} label="Input of the run" />
        <AddRunInput run={run} />
      </Tabs.Panel>
      <Tabs.Panel value="output" className={styles.panel}>
        {isEnded(view.status) || run.output !== null ? (
          <JsonView value={run.output} runId={run.id} label="Output of the run" />
        ) : (
          <p className={styles.quiet}>No output yet.</p>
        )}
      </Tabs.Panel>
      <Tabs.Panel value="events" className={styles.panel}>
        <RunEvents runId={run.id} startedAt={run.startedAt ?? run.createdAt} />
      </Tabs.Panel>
      <Tabs.Panel value="materials" className={styles.panel}>
        <BillView runId={run.id} />
      </Tabs.Panel>
    </Tabs>
  );
}

interface RunGraphProps {
  readonly runId: string;
  readonly graph: Graph | undefined;
  readonly steps: readonly StepLike[];
}

/** A thumbnail of the exact graph that ran, with the path of the run. Opens on the canvas. */
function RunGraph({ runId, graph, steps }: RunGraphProps) {
  const marks = useMemo(() => graph && runMarks(graph, steps), [graph, steps]);
  return (
    <Link to="/runs/$id" params={{ id: runId }} className={styles.graph} aria-label="View this run’s graph on the canvas">
      {graph && marks && <MiniGraph graph={graph} marks={marks} label="Graph of this run" width={480} height={150} />}
      <IconArrowsDiagonal className={styles.open} size={16} stroke={1.7} aria-hidden />
    </Link>
  );
}
