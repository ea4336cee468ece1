import { Button, SegmentedControl, Switch, TextInput } from '@mantine/core';
import type { Alert } from '@switchyard/shared/contracts/alerts.ts';
import { type FormEvent, useState } from 'react';
import { useAlert, useMakeAlertSecret, useSaveAlert, useTestAlert } from '../api/alert-queries.ts';
import { ApiError } from '../api/api-error.ts';
import { ErrorState } from '../frame/error-state.tsx';
import { CopyField } from '../ui/copy-field.tsx';
import { TimeAgo } from '../ui/figures.tsx';
import { SettingText } from '../ui/inline-text.tsx';
import { messageOf } from '../ui/message-of.ts';
import { showFailure } from '../ui/toast.tsx';
import { useLocalTexts } from '../ui/use-local-texts.ts';
import { type AlertDraft, channelOf, draftOf, isChanged } from './alert-draft.ts';
import styles from './alert-settings.module.css';

/** Who is notified when a run of the live version fails. */
export function AlertSettings({ workflowId }: { workflowId: string }) {
  const alert = useAlert(workflowId);
  return (
    <section className={styles.alerts} aria-labelledby="alerts-title">
      <h3 className={styles.title} id="alerts-title">
        Alerts
      </h3>
      {alert.isError && <ErrorState title="Couldn’t load alerts" error={alert.error} retry={() => void alert.refetch()} />}
      {alert.data && <AlertForm alert={alert.data} workflowId={workflowId} />}
    </section>
  );
}

/** The form. Edits are kept in this browser until they are saved or discarded. */
function AlertForm({ alert, workflowId }: { alert: Alert; workflowId: string }) {
  const { texts, keep, forget } = useLocalTexts(`alert:${workflowId}`);
  const [isMissing, setMissing] = useState(false);
  const save = useSaveAlert(workflowId);
  const draft = draftOf(alert, texts);
  const changed = isChanged(alert, draft);
  const edit = (changes: Record<string, string>) => {
    setMissing(false);
    save.reset();
    keep({ revision: String(alert.revision), ...texts, ...changes });
  };
  const discard = () => {
    setMissing(false);
    save.reset();
    forget();
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const channel = channelOf(draft);
    if (draft.enabled && channel === null) return setMissing(true);
    const revision = Number(texts.revision ?? alert.revision);
    save.mutate({ enabled: draft.enabled, channel, revision }, { onSuccess: forget });
  };
  const cannotEmail = draft.kind === 'email' && !alert.canEmail;
  return (
    <form className={styles.form} onSubmit={submit} noValidate>
      <Switch
        label="Send a message when a live run fails"
        checked={draft.enabled}
        onChange={(event) => edit({ enabled: event.currentTarget.checked ? 'on' : 'off' })}
      />
      <p className={styles.words}>
        One message per cause: the same step failing with the same error. While it continues, at most one message an hour, with the count. Messages contain no
        run data.
      </p>
      {(draft.enabled || alert.channel !== null || changed) && (
        <ChannelFields
          draft={draft}
          onEdit={edit}
          error={isMissing ? (draft.kind === 'email' ? 'Enter an email address.' : 'Enter a URL.') : save.error && reasonOf(save.error)}
        />
      )}
      {cannotEmail && <SmtpHint />}
      {changed && (
        <div className={styles.buttons}>
          <Button type="submit" variant="filled" loading={save.isPending} disabled={cannotEmail && draft.enabled}>
            Save
          </Button>
          <Button onClick={discard}>Discard</Button>
        </div>
      )}
      {!changed && alert.channel !== null && <SavedChannel alert={alert} workflowId={workflowId} />}
    </form>
  );
}

const reasonOf = (error: unknown): string => (error instanceof ApiError && error.errors[0] ? error.errors[0].message : messageOf(error));

interface ChannelProps {
  readonly draft: AlertDraft;
  readonly onEdit: (changes: Record<string, string>) => void;
  readonly error: string | null;
}

function ChannelFields({ draft, onEdit, error }: ChannelProps) {
  return (
    <>
      <SegmentedControl
        fullWidth
        aria-label="Send to"
        data={[
          { value: 'webhook', label: 'Webhook' },
          { value: 'email', label: 'Email' },
        ]}
        value={draft.kind}
        onChange={(kind) => onEdit({ kind })}
      />
      {draft.kind === 'webhook' ? (
        <TextInput
          label="URL"
          type="url"
          placeholder="https://example.com/alerts"
          maxLength={2_000}
          value={draft.url}
          error={error}
          onChange={(event) => onEdit({ url: event.currentTarget.value })}
        />
      ) : (
        <TextInput
          label="Email address"
          type="email"
          placeholder="oncall@example.com"
          maxLength={254}
          value={draft.to}
          error={error}
          onChange={(event) => onEdit({ to: event.currentTarget.value })}
        />
      )}
    </>
  );
}

function SmtpHint() {
  return (
    <p className={styles.words} role="status">
      <SettingText text="This server can’t send email yet. Start it with the URL of your mail server, SMTP_URL=smtps://name:password@smtp.example.com, and the sender’s address in SMTP_FROM." />
    </p>
  );
}

/** A test of the saved channel, the outcome of the last message, and a new signing secret for a webhook. */
function SavedChannel({ alert, workflowId }: { alert: Alert; workflowId: string }) {
  const test = useTestAlert(workflowId);
  const makeSecret = useMakeAlertSecret(workflowId);
  return (
    <>
      <div className={styles.buttons}>
        <Button loading={test.isPending} onClick={() => test.mutate(undefined, { onError: (thrown) => showFailure('Couldn’t send test message', thrown) })}>
          Send test message
        </Button>
        {alert.channel?.kind === 'webhook' && (
          <Button
            loading={makeSecret.isPending}
            onClick={() => makeSecret.mutate(undefined, { onError: (thrown) => showFailure('Couldn’t create signing secret', thrown) })}
          >
            New signing secret
          </Button>
        )}
      </div>
      <LastDelivery alert={alert} />
      {makeSecret.data && (
        <div className={styles.secret} role="status">
          <p>Copy this secret now. You won’t see it again. From now on, messages are signed with it.</p>
          <CopyField value={makeSecret.data.secret} label="Signing secret" />
        </div>
      )}
    </>
  );
}

function LastDelivery({ alert: { lastDelivery } }: { alert: Alert }) {
  if (!lastDelivery) return <p className={styles.words}>Nothing sent yet.</p>;
  const { kind, error, at } = lastDelivery;
  const what = kind === 'test' ? 'Test message' : 'Last message';
  return (
    <p className={styles.words} role="status" data-failed={error !== null || undefined}>
      {what} {error === null ? 'delivered' : 'not delivered'} <TimeAgo at={at} />
      {error !== null && (
        <>
          : <SettingText text={error} />
          {kind === 'failure' && ' Retried until it is delivered.'}
        </>
      )}
    </p>
  );
}
