import { Button, Switch } from '@mantine/core';
import type { AlertRule } from '@switchyard/shared/contracts/insight/alert-rules.ts';
import { useDeleteRule, useMakeRuleSecret, useTestRule, useUpdateRule } from '../../api/insight/alert-rule-queries.ts';
import { ConfirmButton } from '../../ui/confirm/confirm-button.tsx';
import { CopyField } from '../../ui/copy-field.tsx';
import { showDone, showFailure } from '../../ui/toast.tsx';
import styles from './alerts.module.css';

/** Turns a rule on or off, tests its channel, and edits or deletes it. */
export function RuleActions({ rule, onEdit }: { rule: AlertRule; onEdit: () => void }) {
  const update = useUpdateRule(rule.id);
  const test = useTestRule(rule.id);
  const secret = useMakeRuleSecret(rule.id);
  const remove = useDeleteRule(rule.id);
  const onTested = ({ lastDelivery }: AlertRule) =>
    lastDelivery?.error ? showFailure('Couldn’t send test message', new Error(lastDelivery.error)) : showDone('Test message delivered');
  return (
    <>
      <div className={styles.actions}>
        <Switch
          aria-label={`On: ${rule.name}`}
          checked={rule.enabled}
          disabled={update.isPending}
          onChange={(event) =>
            update.mutate({ enabled: event.currentTarget.checked }, { onError: (thrown) => showFailure('Couldn’t change alert rule', thrown) })
          }
        />
        <Button size="xs" aria-label={`Edit ${rule.name}`} onClick={onEdit}>
          Edit
        </Button>
        <Button
          size="xs"
          loading={test.isPending}
          aria-label={`Send test message of ${rule.name}`}
          onClick={() => test.mutate(undefined, { onSuccess: onTested, onError: (thrown) => showFailure('Couldn’t send test message', thrown) })}
        >
          Test
        </Button>
        {rule.channel.kind === 'webhook' && (
          <Button
            size="xs"
            loading={secret.isPending}
            aria-label={`New signing secret of ${rule.name}`}
            onClick={() => secret.mutate(undefined, { onError: (thrown) => showFailure('Couldn’t create signing secret', thrown) })}
          >
            New signing secret
          </Button>
        )}
        <ConfirmButton
          size="xs"
          label={`Delete ${rule.name}`}
          question="Deletes the rule and resolves its alert. Its history stays."
          busy={remove.isPending}
          onConfirm={() =>
            remove.mutate(undefined, {
              onSuccess: () => showDone('Alert rule deleted'),
              onError: (thrown) => showFailure('Couldn’t delete alert rule', thrown),
            })
          }
        >
          Delete
        </ConfirmButton>
      </div>
      {secret.data && (
        <div className={styles.secret} role="status">
          <p>Copy this secret now. You won’t see it again. It signs all new messages.</p>
          <CopyField value={secret.data.secret} label="Signing secret" />
        </div>
      )}
    </>
  );
}
