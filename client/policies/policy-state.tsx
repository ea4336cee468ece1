import { Button } from '@mantine/core';
import type { Policy } from '@switchyard/shared/contracts/policies.ts';
import { IconPencil } from '@tabler/icons-react';
import { ApiError } from '../api/api-error.ts';
import { useSavePolicies } from '../api/policy-queries.ts';
import { actorLabel } from '../run-look/actor-label.ts';
import { formatExact } from '../ui/format.ts';
import { showDone, showFailure } from '../ui/toast.tsx';
import { contentOf } from './draft/policy-draft.ts';
import type { PolicyDraft } from './draft/use-policy-draft.ts';
import styles from './policy-state.module.css';

interface Props {
  readonly policy: Policy;
  readonly draft: PolicyDraft;
}

/** What is in force, and what is being edited. */
export function PolicyState({ policy: { revision, updatedAt, actor }, draft }: Props) {
  const count = draft.changes.length;
  const saved = updatedAt && actor ? `Saved ${formatExact(new Date(updatedAt))} by ${actorLabel(actor)}` : undefined;
  return (
    <>
      <span className={styles.mark} title={saved}>
        <i className={styles.dot} data-set={revision > 0 || undefined} aria-hidden />
        {revision > 0 ? `Policy ${revision} in use` : 'No policy saved yet'}
      </span>
      {count > 0 && (
        <span className={styles.mark}>
          <IconPencil size={14} stroke={1.7} aria-hidden />
          {count === 1 ? '1 change, not saved' : `${count} changes, not saved`}
        </span>
      )}
    </>
  );
}

/** Discards or saves the edits. The button names the policy that it makes. */
export function PolicyActions({ workflowId, policy, draft }: Props & { workflowId: string }) {
  const save = useSavePolicies(workflowId);
  if (draft.changes.length === 0) return null;
  const submit = () => {
    const reason = draft.reason.trim();
    const body = { ...contentOf(draft.form), revision: draft.base, ...(reason !== '' && { reason }) };
    save.mutate(body, {
      onSuccess: ({ revision }) => {
        draft.forget();
        showDone(`Policy ${revision} saved`);
      },
      // A conflict is shown above the edits.
      onError: (thrown) => {
        if (!(thrown instanceof ApiError && thrown.code === 'revision-conflict')) showFailure('Couldn’t save policy', thrown);
      },
    });
  };
  return (
    <>
      {policy.revision > 0 && <span className={styles.runs}>Runs already started keep policy {policy.revision}</span>}
      <Button onClick={draft.discard}>Discard</Button>
      <Button variant="filled" loading={save.isPending} disabled={draft.problem !== undefined || draft.base !== policy.revision} onClick={submit}>
        Save policy {policy.revision + 1}
      </Button>
    </>
  );
}
