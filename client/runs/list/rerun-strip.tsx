import { Button, CloseButton, Progress, TextInput } from '@mantine/core';
import { IconAlertTriangle, IconRefresh } from '@tabler/icons-react';
import { type FormEvent, useState } from 'react';
import type { RunFilters } from '../../api/queries.ts';
import styles from './rerun-strip.module.css';
import { type RerunProgress, useFailedCount, useRerunFailed } from './use-rerun-failed.ts';

/** Reruns all failed runs of a filter, for example after an outage. Shown while the list is filtered by failed runs. */
export function RerunStrip({ filters }: { filters: RunFilters }) {
  const { progress, start, cancel, dismiss } = useRerunFailed();
  const isWanted = filters.status === 'failed';
  const { data: counted } = useFailedCount(filters, isWanted && progress.state === 'idle');
  if (progress.state !== 'idle') return <ProgressLine progress={progress} onCancel={cancel} onDismiss={dismiss} />;
  if (!isWanted || !counted || counted.count === 0) return null;
  return <Offer count={counted.count} more={counted.more} onStart={(reason) => void start(filters, counted, reason)} />;
}

const runsOf = (count: number): string => `${count.toLocaleString('en')} failed ${count === 1 ? 'run' : 'runs'}`;

interface OfferProps {
  readonly count: number;
  /** There are more than were counted. */
  readonly more: boolean;
  readonly onStart: (reason: string) => void;
}

/** Says how many runs there are, then asks for a reason. */
function Offer({ count, more, onStart }: OfferProps) {
  const [asking, setAsking] = useState(false);
  const [reason, setReason] = useState('');
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onStart(reason.trim());
  };
  const words = `${more ? 'At least ' : ''}${runsOf(count)} in this list`;
  if (!asking) {
    return (
      <section className={styles.strip} aria-label="Rerun failed runs">
        <IconRefresh size={16} stroke={1.7} aria-hidden />
        <span className={styles.words}>{words}</span>
        <Button size="xs" onClick={() => setAsking(true)}>
          Rerun all…
        </Button>
      </section>
    );
  }
  return (
    <form className={styles.strip} aria-label="Rerun failed runs" onSubmit={submit}>
      <span className={styles.words}>{words}. Each is rerun once with its input, on the version that ran.</span>
      <TextInput
        className={styles.reason}
        size="xs"
        aria-label="Reason"
        placeholder="Reason, for the audit trail"
        maxLength={1_000}
        value={reason}
        onChange={(event) => setReason(event.currentTarget.value)}
        autoFocus
      />
      <Button size="xs" onClick={() => setAsking(false)}>
        Cancel
      </Button>
      <Button size="xs" type="submit" variant="filled">
        Rerun {runsOf(count)}
      </Button>
    </form>
  );
}

interface ProgressLineProps {
  readonly progress: Exclude<RerunProgress, { readonly state: 'idle' }>;
  readonly onCancel: () => void;
  readonly onDismiss: () => void;
}

/** How far it is, and what came of it. */
function ProgressLine({ progress, onCancel, onDismiss }: ProgressLineProps) {
  const isRunning = progress.state === 'running';
  return (
    <section className={styles.strip} aria-label="Rerun failed runs">
      {progress.state === 'failed' && <IconAlertTriangle size={16} stroke={1.7} aria-hidden />}
      <span className={styles.words} role={isRunning ? undefined : 'status'}>
        {describe(progress)}
      </span>
      {isRunning && (
        <Progress className={styles.progress} value={progress.total === 0 ? 0 : (progress.done / progress.total) * 100} aria-label="Reruns started" />
      )}
      {isRunning ? (
        <Button size="xs" onClick={onCancel}>
          Cancel
        </Button>
      ) : (
        <CloseButton size="sm" aria-label="Dismiss" onClick={onDismiss} />
      )}
    </section>
  );
}

function describe(progress: Exclude<RerunProgress, { readonly state: 'idle' }>): string {
  if (progress.state === 'failed') return `Couldn’t rerun all of them. ${progress.message} Runs that were started aren’t started again.`;
  const { state, done, total, started, failures } = progress;
  if (state === 'running') return `Starting reruns: ${done} of ${total}`;
  const [first] = failures;
  const reruns = `${started} ${started === 1 ? 'rerun' : 'reruns'} started`;
  const left = state === 'canceled' ? `Canceled after ${done} of ${total}: ${reruns}.` : `${reruns}.`;
  return first === undefined ? left : `${left} ${failures.length} couldn’t be rerun: ${first}`;
}
