import type { Webhook } from '@switchyard/shared/contracts/webhooks.ts';
import { NumberField } from '../form/number-field.tsx';
import { useUpdateWebhook } from './use-update-webhook.ts';

/** Requests accepted per minute. Empty for no limit. */
export function RateLimit({ webhook, workflowId }: { webhook: Webhook; workflowId: string }) {
  const update = useUpdateWebhook(workflowId);
  return (
    <NumberField
      label="Rate limit (requests per minute)"
      help="Extra requests get 429 and start nothing. Leave empty for no limit."
      placeholder="no limit"
      min={1}
      max={1_000_000}
      whole
      readOnly={false}
      value={webhook.requestsPerMinute ?? undefined}
      onChange={(calls) => update({ requestsPerMinute: calls ?? null })}
    />
  );
}
