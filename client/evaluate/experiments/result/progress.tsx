import { Button, NumberInput } from '@mantine/core';
import type { Experiment } from '@switchyard/shared/contracts/evaluation/experiments.ts';
import { IconAlertTriangle, IconPlayerPause } from '@tabler/icons-react';
import { useState } from 'react';
import { useContinueExperiment } from '../../../api/evaluation/experiment-queries.ts';
import { formatNumber } from '../../../ui/format.ts';
import { showFailure } from '../../../ui/toast.tsx';
import { itemWords } from '../common/words.ts';
import styles from './progress.module.css';

/** How far an experiment is, and why it rests. */
export function Progress({ experiment }: { experiment: Experiment }) {
  const { items, counts, status, pause, error } = experiment;
  const done = items - counts.open;
  const said = [
    `${formatNumber(done)} of ${itemWords(items)}`,
    ...(counts.errored > 0 ? [`${formatNumber(counts.errored)} ${counts.errored === 1 ? 'error' : 'errors'}`] : []),
    ...(counts.stopped > 0 ? [`${formatNumber(counts.stopped)} stopped`] : []),
  ].join(' · ');
  return (
    <section className={styles.strip} data-status={status} aria-label="Progress">
      <div className={styles.line}>
        {status === 'paused' && <IconPlayerPause size={16} stroke={1.7} aria-hidden />}
        {status === 'failed' && <IconAlertTriangle size={16} stroke={1.7} aria-hidden />}
        <p role="status">
          <b>{status === 'queued' ? 'Waiting to start' : status === 'running' ? 'Running' : status === 'paused' ? 'Paused' : 'Failed'}</b> · {said}
          {pause && ` · ${pause.message}`}
          {error && ` · ${error}`}
        </p>
        {pause?.reason === 'cost' && <RaiseLimit experiment={experiment} />}
      </div>
      <progress className={styles.bar} value={done} max={Math.max(items, 1)} aria-label="Items done" />
    </section>
  );
}

/** Continues with a higher limit. */
function RaiseLimit({ experiment }: { experiment: Experiment }) {
  const resume = useContinueExperiment(experiment.id);
  const current = (experiment.maxCostMicros ?? 0) / 1e6;
  const [dollars, setDollars] = useState<number | string>(Number((current * 2).toPrecision(2)));
  const isValid = typeof dollars === 'number' && dollars > current;
  return (
    <form
      className={styles.raise}
      onSubmit={(event) => {
        event.preventDefault();
        if (isValid) resume.mutate({ maxCostMicros: dollars * 1e6 }, { onError: (thrown) => showFailure('Couldn’t continue experiment', thrown) });
      }}
    >
      <NumberInput aria-label="New cost limit in dollars" prefix="$" decimalScale={4} min={0} value={dollars} onChange={setDollars} w={110} />
      <Button type="submit" disabled={!isValid} loading={resume.isPending}>
        Raise limit and continue
      </Button>
    </form>
  );
}
