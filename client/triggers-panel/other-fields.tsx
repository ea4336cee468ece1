import { Checkbox, Select, Switch, Textarea, TextInput } from '@mantine/core';
import { useWorkflows } from '../api/queries.ts';
import { NumberField } from '../form/number-field.tsx';
import { useEditor } from '../open-workflow/editor-store.ts';
import { STATUS_LABELS } from '../run-look/status-labels.ts';
import { type FieldsProps, statusesOf } from './trigger-values.ts';
import styles from './triggers-panel.module.css';

/** The texts of the page of a form, and who may send it. */
export function FormFields({ values, onChange }: FieldsProps) {
  return (
    <>
      <TextInput label="Title" maxLength={200} value={values.title} onChange={(event) => onChange({ title: event.currentTarget.value })} />
      <Textarea
        label="Intro text"
        autosize
        minRows={1}
        maxLength={2_000}
        value={values.intro}
        onChange={(event) => onChange({ intro: event.currentTarget.value })}
      />
      <Textarea
        label="Thank-you text"
        autosize
        minRows={1}
        maxLength={2_000}
        value={values.thanks}
        onChange={(event) => onChange({ thanks: event.currentTarget.value })}
      />
      <Switch label="Block bots" checked={values.blockBots === 'yes'} onChange={(event) => onChange({ blockBots: event.currentTarget.checked ? 'yes' : '' })} />
      <NumberField
        label="Submissions per minute from one IP address"
        min={1}
        max={1_000}
        whole
        readOnly={false}
        value={Number(values.perMinute)}
        onChange={(count) => onChange({ perMinute: String(count ?? 5) })}
      />
      <TextInput
        label="Pages that may embed the form"
        description="Origins, separated by spaces"
        inputWrapperOrder={['label', 'input', 'description']}
        placeholder="https://example.com"
        value={values.frameAncestors}
        onChange={(event) => onChange({ frameAncestors: event.currentTarget.value })}
      />
    </>
  );
}

const STATUSES = ['succeeded', 'failed', 'cancelled'] as const;

/** The watched workflow, and how its runs end. */
export function EndedFields({ values, onChange }: FieldsProps) {
  return (
    <>
      <OtherWorkflow value={values.workflowId} onChange={(workflowId) => onChange({ workflowId })} />
      <Checkbox.Group label="When a run ends as" value={statusesOf(values.statuses)} onChange={(next) => onChange({ statuses: next.join(',') })}>
        <div className={styles.checks}>
          {STATUSES.map((status) => (
            <Checkbox key={status} value={status} label={STATUS_LABELS[status]} />
          ))}
        </div>
      </Checkbox.Group>
    </>
  );
}

/** The workflow whose failed runs count. */
export function ErrorFields({ values, onChange }: FieldsProps) {
  return <OtherWorkflow value={values.workflowId} all="Any other workflow" onChange={(workflowId) => onChange({ workflowId })} />;
}

function OtherWorkflow({ value, all, onChange }: { value: string; all?: string; onChange: (id: string) => void }) {
  const own = useEditor((state) => state.workflowId);
  const { data: workflows = [] } = useWorkflows();
  const others = workflows.filter(({ id }) => id !== own).map(({ id, name }) => ({ value: id, label: name }));
  const data = all === undefined ? others : [{ value: '', label: all }, ...others];
  return (
    <Select
      label="Workflow"
      searchable
      placeholder="Choose"
      data={data}
      value={value === '' && all === undefined ? null : value}
      onChange={(next) => onChange(next ?? '')}
    />
  );
}
