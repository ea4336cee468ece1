import { CloseButton, Tabs } from '@mantine/core';
import type { Review } from '@switchyard/shared/contracts/reviews.ts';
import type { Run } from '@switchyard/shared/contracts/runs.ts';
import { isEnded, type RunStatus } from '@switchyard/shared/run/state.ts';
import { useState } from 'react';
import { ErrorState } from '../../frame/error-state.tsx';
import { useOpenTask } from '../../live/review-queries.ts';
import { JsonView } from '../../run-look/json-view.tsx';
import { RunLabels } from '../../run-look/run-labels.tsx';
import { shortId, TRIGGER_WORDS, versionWords } from '../../run-look/run-words.ts';
import { StatusMark } from '../../run-look/status-mark.tsx';
import { STATUS_WORDS } from '../../run-look/status-words.ts';
import { type NodeNames, useNodeNames } from './node-names.ts';
import { RunActions } from './run-actions.tsx';
import styles from './run-detail.module.css';
import { RunDetailSkeleton } from './run-detail-skeleton.tsx';
import { RunEvents } from './run-events.tsx';
import { RunGraph } from './run-graph.tsx';
import { RunSteps } from './run-steps.tsx';
import { type RunView, useRunView } from './use-run-view.ts';

/** One run beside the list: what became of it, what can be done, its steps, input, output and events. */
export function RunDetail({ runId, onClose }: { runId: string; onClose: () => void }) {
  const view = useRunView(runId);
  const names = useNodeNames(runId);
  const [step, setStep] = useState<string>();
  const task = useOpenTask(runId);
  const { run } = view;
  if (view.error) return <ErrorState title="The run could not be loaded" error={view.error} retry={view.retry} />;
  if (!run) return <RunDetailSkeleton onClose={onClose} />;
  return (
    <div className={styles.detail}>
      <header className={styles.head}>
        <div>
          <p className={styles.about}>
            Run <span title={run.id}>{shortId(run.id)}</span> · {run.workflowName} · {versionWords(run.version)} · {TRIGGER_WORDS[run.trigger]}
          </p>
          <h2 className={styles.title}>
            <StatusMark status={view.status}>{titleOf(view.status, run, names, task)}</StatusMark>
          </h2>
          <RunLabels labels={run.labels} />
        </div>
        <CloseButton onClick={onClose} aria-label="Close the run" />
      </header>
      <RunActions run={run} status={view.status} step={step ?? run.error?.stepId} />
      <RunGraph runId={run.id} graph={names.graph} steps={view.steps} />
      <RunTabs run={run} view={view} names={names} step={step} onStep={setStep} />
    </div>
  );
}

/** "Failed at Post to ledger", "Waiting for Support", "Done", … */
function titleOf(status: RunStatus, run: Run, names: NodeNames, task: Review | undefined): string {
  const key = run.error?.nodeKey;
  if (status === 'waiting' && task) return `Waiting for ${task.assignee ?? 'a person'}: ${task.title}`;
  return status === 'failed' && key ? `Failed at ${names.nameOf(key, '').title}` : STATUS_WORDS[status];
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
      </Tabs.List>
      <Tabs.Panel value="steps" className={styles.panel}>
        <RunSteps run={run} view={view} names={names} step={step} onStep={onStep} />
      </Tabs.Panel>
      <Tabs.Panel value="input" className={styles.panel}>
        <JsonView value={run.input} runId={run.id} label="Input of the run" />
      </Tabs.Panel>
      <Tabs.Panel value="output" className={styles.panel}>
        {isEnded(view.status) || run.output !== null ? (
          <JsonView value={run.output} runId={run.id} label="Output of the run" />
        ) : (
          <p className={styles.quiet}>The run has not come to an output yet.</p>
        )}
      </Tabs.Panel>
      <Tabs.Panel value="events" className={styles.panel}>
        <RunEvents runId={run.id} ended={isEnded(run.status)} startedAt={run.startedAt ?? run.createdAt} />
      </Tabs.Panel>
    </Tabs>
  );
}
