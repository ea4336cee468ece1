import { Select } from '@mantine/core';
import { isPlainObject } from '@switchyard/shared/json.ts';
import { Link } from '@tanstack/react-router';
import { useVersions, useWorkflows } from '../../api/queries.ts';
import { useEditor } from '../../open-workflow/editor-store.ts';
import classes from '../form.module.css';
import { type ControlProps, useForm } from '../form-context.tsx';
import { asText } from './text-controls.tsx';

/** Another workflow, by name. */
export function WorkflowControl(props: ControlProps) {
  const own = useEditor((state) => state.workflowId);
  const workflows = useWorkflows();
  const id = asText(props.value);
  const choices = (workflows.data ?? [])
    .filter((workflow) => workflow.id !== own)
    .map(({ id: value, name, liveVersion }) => ({ value, label: liveVersion === null ? `${name} (not published)` : name }));
  const isKnown = choices.some(({ value }) => value === id);
  const isMissing = id !== '' && workflows.isSuccess && !isKnown;
  return (
    <>
      <Select
        id={props.id}
        aria-describedby={props.describedBy}
        error={props.invalid || isMissing}
        data={id === '' || isKnown ? choices : [...choices, { value: id, label: isMissing ? 'Deleted workflow' : '…' }]}
        value={id || null}
        placeholder="Choose a workflow"
        searchable
        readOnly={props.readOnly}
        onChange={(value) => props.set(value ?? '')}
      />
      {isKnown && (
        <p className={`${classes.help} ${classes.below}`}>
          <Link to="/workflows/$id" params={{ id }} className={classes.link}>
            Open workflow
          </Link>
        </p>
      )}
    </>
  );
}

/** The version of the workflow that the same node names: its live one, or a number. */
export function WorkflowVersionControl(props: ControlProps) {
  const { params } = useForm();
  const workflowId = isPlainObject(params) ? asText(params.workflowId) : '';
  const versions = useVersions(workflowId, workflowId !== '');
  const chosen = typeof props.value === 'number' ? String(props.value) : 'live';
  const numbers = (versions.data ?? []).map(({ number }) => ({ value: String(number), label: `v${number}` }));
  const choices = [{ value: 'live', label: 'Live' }, ...numbers];
  return (
    <Select
      id={props.id}
      aria-describedby={props.describedBy}
      error={props.invalid}
      data={choices.some(({ value }) => value === chosen) ? choices : [...choices, { value: chosen, label: `v${chosen}` }]}
      value={chosen}
      allowDeselect={false}
      readOnly={props.readOnly}
      onChange={(value) => props.set(value === null || value === 'live' ? 'live' : Number(value))}
    />
  );
}
