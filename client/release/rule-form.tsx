import { Button, Modal, NumberInput, TextInput } from '@mantine/core';
import { MEASURES, type Measure, type WorkflowRelease } from '@switchyard/shared/contracts/evaluation/releases.ts';
import { type FormEvent, useState } from 'react';
import { usePutRelease } from '../api/evaluation/release-queries.ts';
import { messageOf } from '../ui/message-of.ts';
import styles from './rule-form.module.css';
import { MEASURE_TITLES, withShadow } from './words.ts';

/** Changes the sticky key, and when a canary goes back. */
export function RuleForm({ id, release, onClose }: { id: string; release: WorkflowRelease; onClose: () => void }) {
  const { watch, versions, revision, stable } = release;
  const [sticky, setSticky] = useState(release.sticky ?? '');
  const [minRuns, setMinRuns] = useState<string | number>(watch.minRuns);
  const [margins, setMargins] = useState<Readonly<Record<Measure, string | number>>>(
    () => Object.fromEntries(MEASURES.map((measure) => [measure, Math.round(watch.margins[measure] * 1_000) / 10])) as Record<Measure, number>,
  );
  const put = usePutRelease(id);
  const isComplete = minRuns !== '' && MEASURES.every((measure) => margins[measure] !== '');
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const shares = Object.fromEntries(MEASURES.map((measure) => [measure, Number(margins[measure]) / 100]));
    put.mutate(
      { versions: withShadow(release, versions), sticky: sticky.trim() || null, watch: { minRuns: Number(minRuns), margins: shares }, revision },
      { onSuccess: onClose },
    );
  };
  return (
    <Modal opened onClose={onClose} title="Rules of releases">
      <form className={styles.form} onSubmit={submit}>
        <TextInput
          label="Sticky key"
          description="An expression over trigger and labels. Runs with the same value get the same version. Changing it restarts the comparison."
          placeholder="{{ labels.customer }}"
          value={sticky}
          maxLength={1_000}
          onChange={(event) => setSticky(event.currentTarget.value)}
          data-autofocus
        />
        <NumberInput label="Minimum canary runs before a decision" min={1} max={10_000} allowDecimal={false} value={minRuns} onChange={setMinRuns} />
        <fieldset className={styles.margins}>
          <legend>Margins (percentage points)</legend>
          {MEASURES.map((measure) => (
            <NumberInput
              key={measure}
              label={MEASURE_TITLES[measure](stable === null ? 'the stable version' : `v${stable}`)}
              min={0}
              max={100}
              decimalScale={1}
              value={margins[measure]}
              onChange={(value) => setMargins({ ...margins, [measure]: value })}
            />
          ))}
        </fieldset>
        {put.error && (
          <p role="alert" className={styles.error}>
            {messageOf(put.error)}
          </p>
        )}
        <div className={styles.actions}>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" variant="filled" loading={put.isPending} disabled={!isComplete}>
            Save rules
          </Button>
        </div>
      </form>
    </Modal>
  );
}
