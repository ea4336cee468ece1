import { TextInput } from '@mantine/core';
import type { WorkflowSummary } from '@switchyard/shared/contracts/workflows.ts';
import { type KeyboardEvent, useRef, useState } from 'react';
import { useRename } from './workflow-actions.ts';

/** A workflow’s name being edited: Enter or blur saves, Escape reverts. */
export function NameInput({ workflow, onDone }: { workflow: WorkflowSummary; onDone: () => void }) {
  const [name, setName] = useState(workflow.name);
  const dropped = useRef(false);
  const rename = useRename();
  const keep = () => {
    const next = name.trim();
    if (!dropped.current && next !== '' && next !== workflow.name) rename.mutate({ id: workflow.id, name: next });
    onDone();
  };
  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>) => {
    if (event.key !== 'Enter' && event.key !== 'Escape') return;
    dropped.current = event.key === 'Escape';
    event.currentTarget.blur();
  };
  return (
    <TextInput
      autoFocus
      value={name}
      maxLength={200}
      aria-label="Name"
      onFocus={(event) => event.currentTarget.select()}
      onChange={(event) => setName(event.currentTarget.value)}
      onKeyDown={onKeyDown}
      onBlur={keep}
    />
  );
}
