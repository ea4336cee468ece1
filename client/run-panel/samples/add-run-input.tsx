import { Button } from '@mantine/core';
import type { Run } from '@switchyard/shared/contracts/runs.ts';
import { IconTestPipe } from '@tabler/icons-react';
import { useState } from 'react';
import { inputOf, saveSample } from '../../open-workflow/samples/save-sample.ts';
import { shortId } from '../../run-look/run-labels.ts';
import { showDone, showFailure } from '../../ui/toast.tsx';

interface Props {
  readonly run: Pick<Run, 'id' | 'workflowId' | 'input' | 'payloadsRemovedAt'>;
  /** Adds the sample to the open draft. Left out, it is saved to the draft of the run’s workflow. */
  readonly add?: (name: string, value: unknown) => void;
}

/** Adds the input of a run to the samples of the draft. */
export function AddRunInput({ run, add }: Props) {
  const [state, setState] = useState<'idle' | 'busy' | 'added'>('idle');
  if (run.payloadsRemovedAt != null) return null;
  const send = async () => {
    setState('busy');
    try {
      const value = await inputOf(run);
      const name = `Run ${shortId(run.id)}`;
      if (add) add(name, value);
      else await saveSample(run.workflowId, name, value);
      setState('added');
      showDone(`Sample “${name}” added to the draft`);
    } catch (thrown) {
      setState('idle');
      showFailure('Couldn’t add sample', thrown);
    }
  };
  return (
    <Button size="xs" leftSection={<IconTestPipe size={14} />} loading={state === 'busy'} disabled={state === 'added'} onClick={() => void send()}>
      {state === 'added' ? 'Added to samples' : 'Add to samples'}
    </Button>
  );
}
