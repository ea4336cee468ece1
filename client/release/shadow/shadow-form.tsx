import { Button, Modal, NativeSelect, NumberInput } from '@mantine/core';
import type { WorkflowRelease } from '@switchyard/shared/contracts/evaluation/releases.ts';
import type { Version } from '@switchyard/shared/contracts/workflows.ts';
import { type FormEvent, useState } from 'react';
import { usePutRelease } from '../../api/evaluation/release-queries.ts';
import { messageOf } from '../../ui/message-of.ts';
import styles from './shadow-panel.module.css';

const MICROS = 1_000_000;
const USUAL = { percent: 10, perRun: 0.1, budget: 10 };

interface ShadowFormProps {
  readonly id: string;
  readonly release: WorkflowRelease;
  /** Versions that take no live runs, newest first. */
  readonly choices: readonly Pick<Version, 'number' | 'note'>[];
  readonly onClose: () => void;
}

/** Starts a shadow: which version, on how many live inputs, and for how much money. */
export function ShadowForm({ id, release: { versions, revision }, choices, onClose }: ShadowFormProps) {
  const [version, setVersion] = useState(choices[0]?.number ?? 0);
  const [percent, setPercent] = useState<string | number>(USUAL.percent);
  const [perRun, setPerRun] = useState<string | number>(USUAL.perRun);
  const [budget, setBudget] = useState<string | number>(USUAL.budget);
  const put = usePutRelease(id);
  const isComplete = [percent, perRun, budget].every((value) => Number(value) > 0);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const shadowLimits = { maxCostMicros: Math.round(Number(perRun) * MICROS), budgetMicros: Math.round(Number(budget) * MICROS) };
    put.mutate({ versions: [...versions, { version, weight: 0, shadow: Number(percent) }], shadowLimits, revision }, { onSuccess: onClose });
  };
  return (
    <Modal opened onClose={onClose} title="Start a shadow">
      <form className={styles.form} onSubmit={submit}>
        <p>When a live run ends, the version runs on its input with the recorded responses. Changed model calls and other reads are made again.</p>
        <NativeSelect
          label="Version"
          value={String(version)}
          onChange={(event) => setVersion(Number(event.currentTarget.value))}
          data={choices.map(({ number, note }) => ({ value: String(number), label: note === '' ? `v${number}` : `v${number}: ${note.slice(0, 60)}` }))}
          data-autofocus
        />
        <NumberInput label="Share of live inputs" suffix="%" min={1} max={100} allowDecimal={false} value={percent} onChange={setPercent} />
        <NumberInput
          label="Cost limit per run"
          description="No more model calls are made once this is spent."
          prefix="$"
          min={0}
          decimalScale={6}
          value={perRun}
          onChange={setPerRun}
        />
        <NumberInput
          label="Shadow budget"
          description="The shadow ends when this is spent, or after 1,000 runs."
          prefix="$"
          min={0}
          decimalScale={4}
          value={budget}
          onChange={setBudget}
        />
        {put.error && (
          <p role="alert" className={styles.error}>
            {messageOf(put.error)}
          </p>
        )}
        <div className={styles.buttons}>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" variant="filled" loading={put.isPending} disabled={!isComplete}>
            Start shadow
          </Button>
        </div>
      </form>
    </Modal>
  );
}
