import { Button, TextInput } from '@mantine/core';
import type { Erasure } from '@switchyard/shared/contracts/policies.ts';
import type { FormEvent } from 'react';
import { useErasure } from '../../api/policy-queries.ts';
import { SendError } from '../../frame/send-error.tsx';
import { useLocalTexts } from '../../ui/use-local-texts.ts';
import { Section } from '../parts/section.tsx';
import { rowsText, runsText } from '../storage/affected-text.ts';
import styles from './erasure.module.css';
import { OpenRuns, Receipt } from './receipt.tsx';

/** Removes the payloads of one customer’s runs, in all workflows: first counted, then confirmed. */
export function ErasureSection() {
  const { texts, keep, forget } = useLocalTexts('erasure');
  const { label = 'tenant', value = '', reason = '' } = texts;
  const count = useErasure();
  const erase = useErasure();
  const target = { label: label.trim(), value: value.trim() };
  const isComplete = target.label !== '' && target.value !== '';
  const counted = count.data?.label === target.label && count.data.value === target.value ? count.data : undefined;
  const change = (changes: Record<string, string>) => {
    keep(changes);
    erase.reset();
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (isComplete) count.mutate({ ...target, dryRun: true });
  };
  const confirm = () =>
    erase.mutate(
      { ...target, ...(reason.trim() !== '' && { reason: reason.trim() }) },
      {
        onSuccess: () => {
          count.reset();
          forget();
        },
      },
    );
  return (
    <Section title="Erase one customer" note="the payloads of all runs with a label, in all workflows">
      <form className={styles.form} aria-label="Erase one customer" onSubmit={submit}>
        <TextInput label="Label" value={label} maxLength={100} onChange={(event) => change({ label: event.currentTarget.value })} />
        <TextInput label="Value" placeholder="acme" value={value} maxLength={200} onChange={(event) => change({ value: event.currentTarget.value })} />
        <Button type="submit" loading={count.isPending} disabled={!isComplete}>
          Count runs
        </Button>
      </form>
      <div className={styles.outcome} aria-live="polite">
        {count.error && <SendError error={count.error} />}
        {counted && !erase.data && (
          <Confirm counted={counted} reason={reason} busy={erase.isPending} onReason={(next) => keep({ reason: next })} onConfirm={confirm} />
        )}
        {erase.error && <SendError error={erase.error} />}
        {erase.data && <Receipt erasure={erase.data} />}
      </div>
    </Section>
  );
}

interface ConfirmProps {
  readonly counted: Erasure;
  readonly reason: string;
  readonly busy: boolean;
  readonly onReason: (reason: string) => void;
  readonly onConfirm: () => void;
}

/** What an erasure would remove. It can’t be undone. */
function Confirm({ counted: { runs, removedBefore, rows, open, hasMore }, reason, busy, onReason, onConfirm }: ConfirmProps) {
  if (runs + rows === 0) {
    return (
      <div className={styles.strip}>
        <p>{removedBefore > 0 ? `Nothing to erase. The payloads of ${runsText(removedBefore)} were already removed.` : 'No ended run has this label.'}</p>
        <OpenRuns ids={open} />
      </div>
    );
  }
  return (
    <div className={styles.strip}>
      <p>
        <b>{runsText(runs)}</b>
        {hasMore ? ' or more' : ''} would lose their payloads for good{rows > 0 && `, and ${rowsText(rows)} they wrote would be deleted from tables`}. Steps,
        times, costs, and the label remain.
      </p>
      <OpenRuns ids={open} />
      <div className={styles.confirm}>
        <TextInput
          className={styles.reason}
          aria-label="Reason of the erasure (optional)"
          placeholder="Reason (optional)"
          maxLength={1_000}
          value={reason}
          onChange={(event) => onReason(event.currentTarget.value)}
        />
        <Button variant="filled" color="red" loading={busy} onClick={onConfirm}>
          Erase payloads of {runsText(runs)}
        </Button>
      </div>
    </div>
  );
}
