import { Button, Modal, NumberInput, Select, TextInput } from '@mantine/core';
import type { AlertRule } from '@switchyard/shared/contracts/insight/alert-rules.ts';
import { isTotal, METRIC_KINDS, METRICS, windowWords } from '@switchyard/shared/insight/metrics.ts';
import { type FormEvent, useState } from 'react';
import { useSaveRule } from '../../api/insight/alert-rule-queries.ts';
import { SendError } from '../../frame/send-error.tsx';
import { showDone } from '../../ui/toast.tsx';
import styles from './alerts.module.css';
import { ChannelFields } from './channel-fields.tsx';
import { type FieldsProps, newValues, type RuleValues, readValues, unitOf, valuesOf } from './rule-values.ts';
import { ruleCondition } from './rule-words.ts';

const WINDOWS = [5, 15, 30, 60, 180, 360, 720, 1_440];

interface Props {
  /** Missing for a new rule. */
  readonly rule?: AlertRule | undefined;
  /** Of a new rule. */
  readonly workflowId?: string | undefined;
  readonly workflows: readonly { readonly id: string; readonly name: string }[];
  readonly canEmail: boolean;
  readonly onClose: () => void;
}

/** Creates or edits an alert rule. */
export function RuleForm({ rule, workflowId, workflows, canEmail, onClose }: Props) {
  const [values, setValues] = useState<RuleValues>(() => (rule ? valuesOf(rule) : newValues(workflowId)));
  const [problem, setProblem] = useState<{ readonly field: string; readonly message: string }>();
  const save = useSaveRule(rule);
  const edit = (changes: Partial<RuleValues>) => {
    setProblem(undefined);
    save.reset();
    setValues({ ...values, ...changes });
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const read = readValues(values);
    if ('field' in read) return setProblem(read);
    save.mutate(read.rule, {
      onSuccess: () => {
        showDone(rule ? 'Alert rule saved' : 'Alert rule created');
        onClose();
      },
    });
  };
  const errorOf = (field: string) => (problem?.field === field ? problem.message : undefined);
  return (
    <Modal opened onClose={onClose} size={520} title={rule ? 'Edit alert rule' : 'New alert rule'}>
      <form className={styles.form} onSubmit={submit} noValidate>
        <ConditionFields values={values} onEdit={edit} errorOf={errorOf} />
        <ScopeFields values={values} onEdit={edit} workflows={workflows} errorOf={errorOf} />
        <ChannelFields values={values} onEdit={edit} canEmail={canEmail} errorOf={errorOf} />
        <TextInput
          label="Name"
          placeholder={ruleCondition({ ...values, threshold: (values.threshold || 0) * unitOf(values.metric).scale })}
          value={values.name}
          maxLength={100}
          onChange={(event) => edit({ name: event.currentTarget.value })}
        />
        <SendError error={save.error} />
        <div className={styles.buttons}>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" variant="filled" loading={save.isPending} disabled={values.kind === 'email' && !canEmail}>
            {rule ? 'Save rule' : 'Create rule'}
          </Button>
        </div>
      </form>
    </Modal>
  );
}

const numberOf = (value: number | string): number | '' => (typeof value === 'number' ? value : '');

/** What is watched, and when the alert opens and resolves. */
function ConditionFields({ values, onEdit, errorOf }: FieldsProps) {
  const { metric, comparison, threshold, hysteresis } = values;
  const { prefix, suffix } = unitOf(metric);
  const number = { min: 0, decimalScale: 6, hideControls: true, prefix, suffix } as const;
  return (
    <>
      <Select
        label="Metric"
        data={METRICS.map((value) => ({ value, label: METRIC_KINDS[value].name }))}
        value={metric}
        allowDeselect={false}
        onChange={(value) => value && onEdit({ metric: value, threshold: '', hysteresis: '' })}
        data-autofocus
      />
      <div className={styles.pair}>
        <Select
          label="Opens"
          data={[
            { value: 'above', label: 'above' },
            { value: 'below', label: 'below' },
          ]}
          value={comparison}
          allowDeselect={false}
          onChange={(value) => value && onEdit({ comparison: value })}
        />
        <NumberInput
          {...number}
          label="Threshold"
          value={threshold}
          error={errorOf('threshold')}
          onChange={(value) => onEdit({ threshold: numberOf(value) })}
        />
        <NumberInput
          {...number}
          label="Recovery margin"
          placeholder="0"
          value={hysteresis}
          error={errorOf('hysteresis')}
          onChange={(value) => onEdit({ hysteresis: numberOf(value) })}
        />
      </div>
      <p className={styles.words}>The alert resolves once the value recovers past the threshold by this margin. This prevents flapping.</p>
    </>
  );
}

/** Which runs count, and how many it takes. */
function ScopeFields({ values, onEdit, workflows, errorOf }: FieldsProps & Pick<Props, 'workflows'>) {
  const { scope, windowMinutes, minSamples, metric } = values;
  const known = scope.workflowId === undefined || workflows.some(({ id }) => id === scope.workflowId);
  const options = workflows.map(({ id, name }) => ({ value: id, label: name }));
  return (
    <>
      <Select
        label="Workflow"
        data={[
          { value: '', label: 'All workflows' },
          ...options,
          ...(known || scope.workflowId === undefined ? [] : [{ value: scope.workflowId, label: scope.workflowId }]),
        ]}
        value={scope.workflowId ?? ''}
        allowDeselect={false}
        onChange={(value) => onEdit({ scope: value ? { workflowId: value } : {} })}
      />
      <div className={styles.pair}>
        <Select
          label="Window"
          data={[...new Set([...WINDOWS, windowMinutes])].map((minutes) => ({ value: String(minutes), label: `last ${windowWords(minutes)}` }))}
          value={String(windowMinutes)}
          allowDeselect={false}
          onChange={(value) => onEdit({ windowMinutes: Number(value) })}
        />
        {!isTotal(metric) && (
          <NumberInput
            label="Minimum samples"
            min={1}
            max={1_000_000}
            allowDecimal={false}
            hideControls
            value={minSamples}
            error={errorOf('minSamples')}
            onChange={(value) => onEdit({ minSamples: numberOf(value) })}
          />
        )}
      </div>
      {!isTotal(metric) && (
        <p className={styles.words}>With fewer {METRIC_KINDS[metric].samples[1]} in the window there is no data, and the alert neither opens nor resolves.</p>
      )}
    </>
  );
}
