import type { Webhook } from '@switchyard/shared/contracts/webhooks.ts';
import { NumberField } from '../form/number-field.tsx';
import { useUpdateWebhook } from './use-update-webhook.ts';

/** How many calls a minute are taken; empty for as many as come. */
export function RateLimit({ webhook, workflowId }: { webhook: Webhook; workflowId: string }) {
  const update = useUpdateWebhook(workflowId);
  return (
    <NumberField
      label="Most calls a minute"
      help="More are answered 429 with the time to wait, and start nothing. Empty: no limit."
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
