import { Button, NumberInput, Select } from '@mantine/core';
import type { ReplyOf } from '@switchyard/shared/contracts/contract.ts';
import type { estimateReplay } from '@switchyard/shared/contracts/evaluation/replays.ts';
import type { Workflow } from '@switchyard/shared/contracts/workflows.ts';
import { IconPlayerTrackNext } from '@tabler/icons-react';
import { useNavigate } from '@tanstack/react-router';
import { type FormEvent, useMemo, useState } from 'react';
import { useReplayEstimate, useStartReplay, type WantedReplay } from '../api/evaluation/replay-queries.ts';
import { useVersions } from '../api/queries.ts';
import { versionLabel } from '../run-look/run-labels.ts';
import { callWords, formatCost, formatNumber } from '../ui/format.ts';
import { messageOf } from '../ui/message-of.ts';
import { showFailure } from '../ui/toast.tsx';
import styles from './replays-page.module.css';

const RUNS = [
  { value: 'last:50', label: 'The last 50 runs' },
  { value: 'last:200', label: 'The last 200 runs' },
  { value: 'last:1000', label: 'The last 1,000 runs' },
  { value: 'week', label: 'The last 7 days' },
] as const;
const WEEK_MS = 7 * 86_400_000;
const FIRST_LIMIT_DOLLARS = 0.5;
const MICROS = 1_000_000;

/** Chooses runs, version, and limit, and says what the replay may cost before it starts. */
export function StartReplay({ workflow }: { workflow: Workflow }) {
  const [version, setVersion] = useState('draft');
  const [runs, setRuns] = useState<string>('last:200');
  const [limit, setLimit] = useState<number>(FIRST_LIMIT_DOLLARS);
  const { data: versions } = useVersions(workflow.id);
  const wanted = useWanted(workflow.id, version, runs);
  const estimate = useReplayEstimate(wanted);
  const start = useStartReplay();
  const navigate = useNavigate();
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    start.mutate(
      { ...wanted, maxCostMicros: limit * MICROS },
      {
        onSuccess: ({ id }) => void navigate({ to: '/replays/$id', params: { id } }),
        onError: (error) => showFailure('Couldn’t start replay', error),
      },
    );
  };
  const isEmpty = estimate.data?.runs === 0;
  return (
    <form className={styles.form} aria-label="Replay live runs" onSubmit={submit}>
      <div className={styles.fields}>
        <Select
          label="Version"
          allowDeselect={false}
          value={version}
          data={[{ value: 'draft', label: 'The draft' }, ...(versions ?? []).map(({ number }) => ({ value: String(number), label: versionLabel(number) }))]}
          onChange={(value) => setVersion(value ?? 'draft')}
        />
        <Select label="Live runs" allowDeselect={false} value={runs} data={[...RUNS]} onChange={(value) => setRuns(value ?? 'last:200')} />
        <NumberInput
          label="Cost limit"
          prefix="$"
          min={0}
          max={1_000}
          decimalScale={2}
          step={0.1}
          value={limit}
          onChange={(value) => setLimit(Number(value) || 0)}
        />
      </div>
      <div className={styles.estimate} role="status">
        {estimate.data ? (
          <Estimate estimate={estimate.data} limitMicros={limit * MICROS} />
        ) : estimate.error ? (
          messageOf(estimate.error)
        ) : (
          'Estimating the cost…'
        )}
      </div>
      <div className={styles.actions}>
        <Button
          type="submit"
          variant="filled"
          leftSection={<IconPlayerTrackNext size={16} stroke={1.7} />}
          loading={start.isPending}
          disabled={!estimate.data || isEmpty}
        >
          Replay
        </Button>
      </div>
    </form>
  );
}

function useWanted(workflowId: string, version: string, runs: string): WantedReplay {
  return useMemo(() => {
    const chosen = runs === 'week' ? { filter: { from: new Date(Date.now() - WEEK_MS).toISOString() } } : { last: Number(runs.slice('last:'.length)) };
    return { workflowId, version: version === 'draft' ? 'draft' : Number(version), runs: chosen };
  }, [workflowId, version, runs]);
}

function Estimate({ estimate, limitMicros }: { estimate: ReplyOf<typeof estimateReplay>; limitMicros: number }) {
  const { runs, notReplayable, changedNodes, modelCalls, costMicros, reservedMicros, unknownPrice, newModelNodes } = estimate;
  if (runs === 0) return 'No live run has ended yet. Publish the workflow and let it run, then replay its runs here.';
  return (
    <>
      <b>{runs === 1 ? '1 run' : `${formatNumber(runs)} runs`}</b>
      {notReplayable > 0 && `, of which ${formatNumber(notReplayable)} no longer have data`}
      {changedNodes.length === 0
        ? '. Nothing differs from the versions that ran, so no calls are made again.'
        : `. ${nodesWords(changedNodes.length)} may behave differently: `}
      {changedNodes.length > 0 &&
        (modelCalls === 0
          ? 'no model call is expected.'
          : `up to ${callWords(modelCalls)} to models, about ${formatCost(costMicros)}${unknownPrice > 0 ? ` and ${callWords(unknownPrice)} of unknown price` : ''}.`)}
      {modelCalls > 0 &&
        costMicros + reservedMicros > limitMicros &&
        ` A limit below ${formatCost(costMicros + reservedMicros)} may stop earlier, because each call first reserves its maximum cost.`}
      {newModelNodes.length > 0 && ` The cost of new nodes is unknown: ${newModelNodes.join(', ')}.`}
    </>
  );
}

const nodesWords = (count: number): string => (count === 1 ? '1 node' : `${formatNumber(count)} nodes`);
