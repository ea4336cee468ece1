import { Checkbox, Select } from '@mantine/core';
import { useWorkflows } from '../api/queries.ts';
import { useEditor } from '../open-workflow/editor-store.ts';
import { STATUS_LABELS } from '../run-look/status-labels.ts';
import { type FieldsProps, statusesOf } from './trigger-values.ts';
import styles from './triggers-panel.module.css';

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
