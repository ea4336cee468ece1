import { Button } from '@mantine/core';
import type { ReplyOf } from '@switchyard/shared/contracts/contract.ts';
import type { dryRunRetention } from '@switchyard/shared/contracts/policies.ts';
import { IconTrash } from '@tabler/icons-react';
import { useRetentionDryRun } from '../../api/policy-queries.ts';
import { SendError } from '../../frame/send-error.tsx';
import { RETENTION_FIELDS, retentionOf } from '../draft/policy-settings.ts';
import type { PolicyDraft } from '../draft/use-policy-draft.ts';
import { Section } from '../parts/section.tsx';
import { affectedText } from './affected-text.ts';
import { SettingField } from './setting-field.tsx';
import styles from './storage.module.css';

/** For how long the data of runs is kept, and what the edited settings would remove now. */
export function RetentionSection({ workflowId, draft }: { workflowId: string; draft: PolicyDraft }) {
  const count = useRetentionDryRun(workflowId);
  const retention = retentionOf(draft.form.settings);
  const isValid = RETENTION_FIELDS.every((field) => draft.problems.settings[field] === undefined);
  const isCurrent = RETENTION_FIELDS.every((field) => count.variables?.[field] === retention[field]);
  return (
    <Section
      title="Retention"
      note="payloads first, then the journal, then the run"
      action={
        <Button size="xs" loading={count.isPending} disabled={!isValid} onClick={() => count.mutate(retention)}>
          Count affected runs
        </Button>
      }
    >
      <div className={styles.fields}>
        <SettingField draft={draft} setting="payloadDays" label="Payloads" unit="days" placeholder="kept" hint="Inputs, outputs, prompts, responses" />
        <SettingField draft={draft} setting="journalDays" label="Journals" unit="days" placeholder="kept" hint="Steps, times, and decisions" />
        <SettingField draft={draft} setting="summaryDays" label="Runs" unit="days" placeholder="kept" hint="Status and cost" />
      </div>
      {isCurrent && count.data && <Affected affected={count.data} isSaved={draft.changes.length === 0} />}
      {isCurrent && count.error && (
        <div className={styles.line}>
          <SendError error={count.error} />
        </div>
      )}
    </Section>
  );
}

function Affected({ affected, isSaved }: { affected: ReplyOf<typeof dryRunRetention>; isSaved: boolean }) {
  return (
    <p className={styles.line} role="status">
      <IconTrash size={15} stroke={1.7} aria-hidden />
      {affectedText(affected, isSaved)}
    </p>
  );
}
