import { TagsInput as TagField } from '@mantine/core';
import type { WorkflowSummary } from '@switchyard/shared/contracts/workflows.ts';
import { type KeyboardEvent, useRef, useState } from 'react';
import { useWorkflowTags } from '../api/queries.ts';
import { useSetTags } from './workflow-actions.ts';
import styles from './workflow-table.module.css';

const MOST_TAGS = 20;
const LONGEST_TAG = 50;

/** A workflow’s tags being edited: Enter or a comma ends a tag, leaving the field saves, Escape reverts. */
export function TagsInput({ workflow, onDone }: { workflow: WorkflowSummary; onDone: () => void }) {
  const [tags, setTags] = useState(workflow.tags);
  const [text, setText] = useState('');
  const dropped = useRef(false);
  const { data: known = [] } = useWorkflowTags();
  const save = useSetTags();
  const keep = () => {
    const typed = text.trim();
    const next = typed === '' || tags.length >= MOST_TAGS ? tags : [...tags, typed];
    if (!dropped.current && next.join('\n') !== workflow.tags.join('\n')) save.mutate({ id: workflow.id, name: workflow.name, tags: next });
    onDone();
  };
  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>) => {
    if (event.key !== 'Escape' && !(event.key === 'Enter' && text === '')) return;
    dropped.current = event.key === 'Escape';
    event.currentTarget.blur();
  };
  return (
    <TagField
      autoFocus
      size="xs"
      className={styles.tags ?? ''}
      aria-label={`Tags of ${workflow.name}`}
      placeholder={tags.length === 0 ? 'Add a tag' : ''}
      data={known.map(({ tag }) => tag)}
      maxTags={MOST_TAGS}
      maxLength={LONGEST_TAG}
      value={tags}
      onChange={setTags}
      searchValue={text}
      onSearchChange={setText}
      onKeyDown={onKeyDown}
      onBlur={keep}
    />
  );
}
