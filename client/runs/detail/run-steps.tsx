import type { Run } from '@switchyard/shared/contracts/runs.ts';
import { stepId } from '@switchyard/shared/run/address.ts';
import { isEnded } from '@switchyard/shared/run/state.ts';
import { useMemo } from 'react';
import { stepRows, type WaterfallRow } from '../../run-look/step-rows.ts';
import { Waterfall } from '../../run-look/waterfall.tsx';
import { CostSum } from '../../ui/figures.tsx';
import { formatNumber } from '../../ui/format.ts';
import type { NodeNames } from './node-names.ts';
import { RunFailure } from './run-failure.tsx';
import { RunItems } from './run-items.tsx';
import styles from './run-steps.module.css';
import { StepDetail } from './step-detail.tsx';
import type { RunView } from './use-run-view.ts';

interface RunStepsProps {
  readonly run: Run;
  readonly view: RunView;
  readonly names: NodeNames;
  readonly step: string | undefined;
  readonly onStep: (stepId: string | undefined) => void;
}

/** The waterfall, why the run failed, and the selected step. */
export function RunSteps({ run, view, names, step, onStep }: RunStepsProps) {
  const rows = useRows(view, names);
  const tokens = run.usage.inputTokens + run.usage.outputTokens;
  const selected = step ?? run.error?.stepId;
  const chosen = view.steps.find(({ id }) => id === selected);
  return (
    <>
      <Waterfall rows={rows} selected={selected} onSelect={(id) => onStep(id === step ? undefined : id)} />
      <p className={styles.sum} hidden={tokens === 0 && run.costMicros === 0 && run.unknownPrice === 0}>
        {tokens > 0 && <>{formatNumber(tokens)} tokens · </>}
        <CostSum of={run} demo={run.demo} />
      </p>
      {run.error && <RunFailure error={run.error} names={names} steps={view.steps} onStep={onStep} />}
      {chosen?.items && <RunItems run={run} status={view.status} step={{ ...chosen, items: chosen.items }} names={names} />}
      {chosen ? (
        <StepDetail step={chosen} runId={run.id} names={names} told={run.error?.message} />
      ) : (
        <p className={styles.hint}>Select a step to see its input and output.</p>
      )}
    </>
  );
}

/** Steps of the run and, once it has ended, unreached nodes. */
function useRows({ steps, status }: RunView, { graph, nameOf }: NodeNames): readonly WaterfallRow[] {
  return useMemo(() => {
    const rows = stepRows(steps, nameOf);
    if (!graph || !isEnded(status)) return rows;
    const reached = new Set(steps.map(({ nodeKey }) => nodeKey));
    const missing = graph.nodes.filter(({ type, data }) => type !== 'note' && !reached.has(data.key));
    return [
      ...rows,
      ...missing.map(({ type, data }): WaterfallRow => {
        const { title, category } = nameOf(data.key, type);
        return { id: stepId(data.key, 1), label: title, round: 1, category, status: 'unreached', bars: [], calls: [] };
      }),
    ];
  }, [steps, status, graph, nameOf]);
}
