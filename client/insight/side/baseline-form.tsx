import { Button, NumberInput } from '@mantine/core';
import type { Baseline, Comparison } from '@switchyard/shared/contracts/insight/insight.ts';
import { useState } from 'react';
import { usePutBaseline } from '../../api/insight/insight-queries.ts';
import { SendError } from '../../frame/send-error.tsx';
import styles from './side.module.css';

type Field = keyof Baseline;
type Values = Readonly<Record<Field, number | ''>>;

const FIELDS: readonly { readonly field: Field; readonly label: string; readonly description: string; readonly suffix: string; readonly max: number }[] = [
  { field: 'minutesPerCase', label: 'Time per case', description: 'Work time before automation', suffix: ' min', max: 1e6 },
  { field: 'minutesPerReview', label: 'Time per review', description: 'Work time of the reviewer', suffix: ' min', max: 1e6 },
  { field: 'wrongShare', label: 'Wrong outcomes', description: 'Share of cases before', suffix: '%', max: 100 },
  { field: 'minutesToAnswer', label: 'Response time', description: 'From request to response before', suffix: ' min', max: 1e6 },
];

/** Shares are edited as percentages. */
const scaleOf = (field: Field): number => (field === 'wrongShare' ? 100 : 1);

interface Props {
  readonly workflowId: string | undefined;
  readonly comparison: Comparison;
  readonly onClose: () => void;
}

/** How work was done before. Fields that are not known stay empty. */
export function BaselineForm({ workflowId, comparison, onClose }: Props) {
  const put = usePutBaseline(workflowId, comparison);
  const { baseline } = comparison;
  const shown = (field: Field): number | '' => {
    const value = baseline[field];
    return value === null ? '' : Math.round(value * scaleOf(field) * 100) / 100;
  };
  const [values, setValues] = useState<Values>(() => Object.fromEntries(FIELDS.map(({ field }) => [field, shown(field)])) as Values);
  const sent = (field: Field): number | null => {
    const value = values[field];
    return value === '' ? null : value / scaleOf(field);
  };
  return (
    <form
      className={styles.form}
      aria-label="Baseline"
      onSubmit={(event) => {
        event.preventDefault();
        put.mutate(Object.fromEntries(FIELDS.map(({ field }) => [field, sent(field)])) as unknown as Baseline, { onSuccess: onClose });
      }}
    >
      {FIELDS.map(({ field, label, description, suffix, max }) => (
        <NumberInput
          key={field}
          label={label}
          description={description}
          value={values[field]}
          min={field === 'wrongShare' ? 0 : 0.01}
          max={max}
          decimalScale={2}
          suffix={suffix}
          hideControls
          onChange={(value) => setValues({ ...values, [field]: typeof value === 'number' ? value : '' })}
        />
      ))}
      <div className={styles.buttons}>
        <Button onClick={onClose}>Cancel</Button>
        <Button variant="filled" type="submit" loading={put.isPending}>
          Save baseline
        </Button>
      </div>
      <SendError error={put.error} />
    </form>
  );
}
