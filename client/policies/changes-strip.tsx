import { Button, TextInput } from '@mantine/core';
import type { Policy } from '@switchyard/shared/contracts/policies.ts';
import { IconPencil } from '@tabler/icons-react';
import { actorLabel } from '../run-look/actor-label.ts';
import { TimeAgo } from '../ui/figures.tsx';
import styles from './changes-strip.module.css';
import type { PolicyDraft } from './draft/use-policy-draft.ts';

interface Props {
  readonly policy: Policy;
  readonly draft: PolicyDraft;
}

/** The unsaved changes, why they can’t be saved, and a reason for them. */
export function ChangesStrip({ policy, draft }: Props) {
  return (
    <section className={styles.strip} aria-label="Unsaved changes">
      <IconPencil size={15} stroke={1.7} className={styles.icon} aria-hidden />
      <div className={styles.words}>
        <ul className={styles.changes}>
          {draft.changes.map((change) => (
            <li key={change}>{change}</li>
          ))}
        </ul>
        <p>Kept in this browser until you save.</p>
        {draft.problem && (
          <p className={styles.problem} role="status">
            {draft.problem}
          </p>
        )}
      </div>
      <TextInput
        className={styles.reason}
        aria-label="Reason (optional)"
        placeholder="Reason (optional)"
        maxLength={1_000}
        value={draft.reason}
        onChange={(event) => draft.setReason(event.currentTarget.value)}
      />
      {draft.base !== policy.revision && <Conflict policy={policy} draft={draft} />}
    </section>
  );
}

/** The policy was saved elsewhere after these edits began. */
function Conflict({ policy: { revision, actor, updatedAt }, draft }: Props) {
  return (
    <div className={styles.conflict} role="alert">
      <p>
        <b>Policy {revision}</b> was saved{actor && ` by ${actorLabel(actor)}`} {updatedAt && <TimeAgo at={updatedAt} />}, after you started from{' '}
        {draft.base > 0 ? `policy ${draft.base}` : 'no policy'}. Your edits weren’t saved.
      </p>
      <div className={styles.answers}>
        <Button onClick={draft.discard}>Use policy {revision}</Button>
        <Button onClick={draft.rebase}>Apply my edits to policy {revision}</Button>
      </div>
    </div>
  );
}
