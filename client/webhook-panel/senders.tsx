import { Select } from '@mantine/core';
import type { Webhook } from '@switchyard/shared/contracts/webhooks.ts';
import { LocalTextField } from './local-text-field.tsx';
import { useUpdateWebhook } from './use-update-webhook.ts';
import classes from './webhook-panel.module.css';

const CHALLENGES = [
  { value: 'none', label: 'None' },
  { value: 'slack', label: 'Slack (url_verification)' },
  { value: 'meta', label: 'Meta (hub.challenge)' },
];

/** Settings for particular senders: browser pages, services that repeat requests, and services that verify the URL first. */
export function Senders({ webhook, workflowId }: { webhook: Webhook; workflowId: string }) {
  const update = useUpdateWebhook(workflowId);
  return (
    <div className={classes.fields}>
      <LocalTextField
        place={`webhook-origins:${workflowId}`}
        label="Allowed origins"
        placeholder="https://app.example.com"
        description="Pages that may call this webhook from a browser. Separate several with spaces. * allows every page."
        value={webhook.allowedOrigins.join(' ')}
        onSend={(text, onSaved) => update({ allowedOrigins: text.split(/[\s,]+/).filter(Boolean) }, onSaved)}
      />
      <LocalTextField
        place={`webhook-idempotency:${workflowId}`}
        label="Idempotency header"
        placeholder="Idempotency-Key"
        description="Requests with the same value start one run. For example X-GitHub-Delivery or svix-id."
        value={webhook.idempotencyHeader ?? ''}
        onSend={(text, onSaved) => update({ idempotencyHeader: text === '' ? null : text }, onSaved)}
      />
      <Select
        label="Challenge"
        description="Responds to the request that the sender uses to verify the URL. Starts no run."
        inputWrapperOrder={['label', 'input', 'description']}
        data={CHALLENGES}
        value={webhook.challenge}
        allowDeselect={false}
        onChange={(challenge) => challenge !== null && update({ challenge: challenge as Webhook['challenge'] })}
      />
      {webhook.challenge === 'meta' && (
        <LocalTextField
          place={`webhook-verify:${workflowId}`}
          label="Verify token"
          value={webhook.verifyToken}
          onSend={(verifyToken, onSaved) => update({ verifyToken }, onSaved)}
        />
      )}
    </div>
  );
}
