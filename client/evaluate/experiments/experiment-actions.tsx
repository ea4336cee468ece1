import { Button, Menu } from '@mantine/core';
import type { Experiment } from '@switchyard/shared/contracts/evaluation/experiments.ts';
import { IconDownload, IconPlayerPlay, IconPlayerStop, IconRefresh } from '@tabler/icons-react';
import { useNavigate } from '@tanstack/react-router';
import { experimentExportUrl, isRunning, useCancelExperiment, useContinueExperiment, useCreateExperiment } from '../../api/evaluation/experiment-queries.ts';
import { showFailure } from '../../ui/toast.tsx';

/** Cancel, continue, export, and rerun. */
export function ExperimentActions({ experiment }: { experiment: Experiment }) {
  const cancel = useCancelExperiment(experiment.id);
  const resume = useContinueExperiment(experiment.id);
  const running = isRunning(experiment);
  const hasRest = experiment.counts.open > 0 || experiment.counts.retryable > 0;
  return (
    <>
      {(running || experiment.status === 'paused') && (
        <Button
          leftSection={<IconPlayerStop size={16} stroke={1.7} />}
          loading={cancel.isPending}
          onClick={() => cancel.mutate(undefined, { onError: (error) => showFailure('Couldn’t cancel experiment', error) })}
        >
          Cancel
        </Button>
      )}
      {!running && hasRest && experiment.pause?.reason !== 'cost' && (
        <Button
          leftSection={<IconPlayerPlay size={16} stroke={1.7} />}
          loading={resume.isPending}
          onClick={() => resume.mutate({}, { onError: (error) => showFailure('Couldn’t continue experiment', error) })}
        >
          Continue
        </Button>
      )}
      {experiment.items > experiment.counts.open && <ExportMenu id={experiment.id} />}
      {!running && <RunAgain experiment={experiment} />}
    </>
  );
}

/** Downloads of the results so far. */
function ExportMenu({ id }: { id: string }) {
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <Button leftSection={<IconDownload size={16} stroke={1.7} />}>Export</Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item component="a" href={experimentExportUrl(id, 'csv')} download>
          Results as CSV
        </Menu.Item>
        <Menu.Item component="a" href={experimentExportUrl(id, 'jsonl')} download>
          Results as JSONL
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

/** A new experiment with the same settings. */
function RunAgain({ experiment }: { experiment: Experiment }) {
  const create = useCreateExperiment();
  const navigate = useNavigate();
  const { name, subject, dataset, graders, allow, trials, concurrency, maxCostMicros } = experiment;
  return (
    <Button
      variant="filled"
      leftSection={<IconRefresh size={16} stroke={1.7} />}
      loading={create.isPending}
      onClick={() =>
        create.mutate(
          { name, subject, datasetId: dataset.id, graders, allow, trials, concurrency, ...(maxCostMicros !== null && { maxCostMicros }) },
          {
            onSuccess: ({ id }) => void navigate({ to: '/evaluate/experiments/$id', params: { id } }),
            onError: (error) => showFailure('Couldn’t rerun experiment', error),
          },
        )
      }
    >
      Rerun
    </Button>
  );
}
