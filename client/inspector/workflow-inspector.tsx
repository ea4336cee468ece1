import { CloseButton, Textarea } from '@mantine/core';
import { updateWorkflow } from '@switchyard/shared/contracts/workflows.ts';
import { IconDatabase, IconSettings, IconShieldCheck } from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { AlertSettings } from '../alerts/alert-settings.tsx';
import { call } from '../api/call.ts';
import { keys } from '../api/keys.ts';
import { useWorkflow } from '../api/queries.ts';
import { StopWorkflow } from '../kill-switches/stop-workflow.tsx';
import { useEditor, useEditorApi } from '../open-workflow/editor-store.ts';
import { ButtonLink } from '../ui/button-link.tsx';
import { showFailure } from '../ui/toast.tsx';
import classes from './inspector.module.css';
import { TitleField } from './title-field.tsx';
import { WorkflowHelpers } from './workflow-helpers.tsx';
import { WorkflowVariables } from './workflow-variables.tsx';

/** Settings of the workflow as a whole: name, description, variables, helpers, and alerts. */
export function WorkflowInspector() {
  const editor = useEditorApi();
  const workflowId = useEditor((state) => state.workflowId);
  const name = useEditor((state) => state.name);
  const readOnly = useEditor((state) => state.readOnly);
  const rename = (next: string) => {
    editor
      .getState()
      .rename(next)
      .catch((thrown: unknown) => showFailure('Couldn’t rename workflow', thrown));
  };
  return (
    <section className={classes.inspector} aria-label="Workflow">
      <header className={classes.header}>
        <span className={classes.workflowIcon}>
          <IconSettings size={17} stroke={1.6} aria-hidden />
        </span>
        <div className={classes.names}>
          <TitleField label="Workflow name" value={name} readOnly={readOnly} onChange={rename} onLeave />
          <p className={classes.words}>Workflow settings</p>
        </div>
        <CloseButton aria-label="Close the settings" onClick={() => editor.getState().openPanel(null)} />
      </header>
      <div className={classes.body}>
        <div className={classes.stack}>
          <Description workflowId={workflowId} readOnly={readOnly} />
          <WorkflowVariables readOnly={readOnly} />
          <WorkflowHelpers readOnly={readOnly} />
          {!readOnly && <PoliciesLink workflowId={workflowId} />}
          {!readOnly && <StateLink workflowId={workflowId} />}
          {!readOnly && <AlertSettings workflowId={workflowId} />}
          {!readOnly && <StopWorkflow workflowId={workflowId} />}
        </div>
      </div>
    </section>
  );
}

function PoliciesLink({ workflowId }: { workflowId: string }) {
  return (
    <div>
      <ButtonLink to="/workflows/$id/policies" params={{ id: workflowId }} leftSection={<IconShieldCheck size={16} stroke={1.6} />}>
        Policies
      </ButtonLink>
      <p className={classes.words}>Which values runs may store, and for how long.</p>
    </div>
  );
}

function StateLink({ workflowId }: { workflowId: string }) {
  return (
    <div>
      <ButtonLink to="/workflows/$id/state" params={{ id: workflowId }} leftSection={<IconDatabase size={16} stroke={1.6} />}>
        State
      </ButtonLink>
      <p className={classes.words}>Values that its runs store for later runs.</p>
    </div>
  );
}

function Description({ workflowId, readOnly }: { workflowId: string; readOnly: boolean }) {
  const queries = useQueryClient();
  const { data } = useWorkflow(workflowId);
  const [draft, setDraft] = useState<string | null>(null);
  const save = async () => {
    if (draft === null || draft === data?.description) return;
    try {
      queries.setQueryData(keys.workflow(workflowId), await call(updateWorkflow, { params: { id: workflowId }, body: { description: draft } }));
      setDraft(null);
    } catch (thrown) {
      showFailure('Couldn’t save description', thrown);
    }
  };
  return (
    <Textarea
      label="Description"
      placeholder="What this workflow does and who uses it"
      autosize
      minRows={2}
      maxRows={8}
      readOnly={readOnly}
      value={draft ?? data?.description ?? ''}
      onChange={(event) => setDraft(event.currentTarget.value)}
      onBlur={() => void save()}
    />
  );
}
