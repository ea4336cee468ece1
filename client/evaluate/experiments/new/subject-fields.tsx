import { SegmentedControl, Select, Textarea } from '@mantine/core';
import { usePrompt, usePrompts, useRoutes, useVersions, useWorkflows } from '../../../api/queries.ts';
import type { ExperimentDraft } from './experiment-draft.ts';
import styles from './new-experiment.module.css';

interface Props {
  readonly draft: ExperimentDraft;
  readonly onChange: (changes: Partial<ExperimentDraft>) => void;
}

const KINDS = [
  { value: 'workflow', label: 'Workflow' },
  { value: 'prompt', label: 'Prompt' },
  { value: 'route', label: 'Route' },
] as const;

/** What the experiment runs. */
export function SubjectFields({ draft, onChange }: Props) {
  return (
    <fieldset className={styles.subject}>
      <legend className={styles.legend}>What to run</legend>
      <SegmentedControl
        aria-label="What to run"
        data={[...KINDS]}
        value={draft.kind}
        onChange={(value) => onChange({ kind: KINDS.find((one) => one.value === value)?.value ?? 'workflow', subject: null, promptVersion: null })}
      />
      {draft.kind === 'workflow' && <WorkflowFields draft={draft} onChange={onChange} />}
      {draft.kind === 'prompt' && <PromptFields draft={draft} onChange={onChange} />}
      {draft.kind === 'route' && <RouteFields draft={draft} onChange={onChange} />}
    </fieldset>
  );
}

function WorkflowFields({ draft, onChange }: Props) {
  const workflows = useWorkflows();
  const versions = useVersions(draft.workflowId ?? '', draft.workflowId !== null);
  const numbers = versions.data?.map(({ number }) => ({ value: String(number), label: `v${number}` })) ?? [];
  return (
    <div className={styles.row}>
      <Select
        label="Workflow"
        data={(workflows.data ?? []).map(({ id, name }) => ({ value: id, label: name }))}
        value={draft.workflowId}
        searchable
        onChange={(workflowId) => onChange({ workflowId, version: 'draft' })}
      />
      <Select
        label="Version"
        data={[{ value: 'draft', label: 'Draft' }, ...numbers]}
        value={String(draft.version)}
        allowDeselect={false}
        onChange={(value) => onChange({ version: value === null || value === 'draft' ? 'draft' : Number(value) })}
      />
    </div>
  );
}

function RouteSelect({ label, value, onChange }: { label: string; value: string | null; onChange: (route: string | null) => void }) {
  const routes = useRoutes();
  return <Select label={label} data={(routes.data ?? []).map(({ name }) => name)} value={value} onChange={onChange} />;
}

function PromptFields({ draft, onChange }: Props) {
  const prompts = usePrompts();
  const prompt = usePrompt(draft.subject ?? '', draft.subject !== null);
  const numbers = prompt.data?.versions.map(({ number }) => ({ value: String(number), label: `v${number}` })) ?? [];
  return (
    <>
      <div className={styles.row}>
        <Select
          label="Prompt"
          data={(prompts.data ?? []).map(({ name }) => name)}
          value={draft.subject}
          searchable
          onChange={(subject) => onChange({ subject, promptVersion: null })}
        />
        <Select
          label="Version"
          placeholder="Latest"
          data={numbers}
          value={draft.promptVersion === null ? null : String(draft.promptVersion)}
          clearable
          onChange={(value) => onChange({ promptVersion: value === null ? null : Number(value) })}
        />
        <RouteSelect label="Route" value={draft.route} onChange={(route) => route && onChange({ route })} />
      </div>
      <p className={styles.help}>Each variable gets the field of the item’s input with the same name.</p>
    </>
  );
}

function RouteFields({ draft, onChange }: Props) {
  return (
    <>
      <div className={styles.row}>
        <RouteSelect label="Route" value={draft.subject} onChange={(subject) => onChange({ subject })} />
        <RouteSelect
          label="Replaces route (in a workflow)"
          value={draft.instead === '' ? null : draft.instead}
          onChange={(route) => onChange({ instead: route ?? '' })}
        />
      </div>
      {draft.instead === '' ? (
        <Textarea
          label="Message"
          value={draft.message}
          autosize
          minRows={1}
          maxRows={6}
          onChange={(event) => onChange({ message: event.currentTarget.value })}
        />
      ) : (
        <WorkflowFields draft={draft} onChange={onChange} />
      )}
    </>
  );
}
