import { SegmentedControl } from '@mantine/core';
import type { Webhook } from '@switchyard/shared/contracts/webhooks.ts';
import { NumberField } from '../form/number-field.tsx';
import { formatDuration } from '../ui/format.ts';
import { useUpdateWebhook } from './use-update-webhook.ts';
import classes from './webhook-panel.module.css';

function explanation({ mode, deadlineMs }: Webhook): string {
  const limit = `After ${formatDuration(deadlineMs)}, or if a review is needed,`;
  if (mode === 'accepted') return 'Returns 202 with a status URL as soon as the run is saved.';
  if (mode === 'finished') return `Returns the workflow’s output. ${limit} returns 202 with a status URL.`;
  return `Streams model output, then the final output, as server-sent events. ${limit} sends a status URL.`;
}

/** When the caller gets a response, and which. */
export function ReplyMode({ webhook, workflowId }: { webhook: Webhook; workflowId: string }) {
  const update = useUpdateWebhook(workflowId);
  return (
    <div>
      <div className={classes.labelLine} id="webhook-reply">
        <span>Response</span>
      </div>
      <SegmentedControl
        fullWidth
        aria-labelledby="webhook-reply"
        data={[
          { value: 'accepted', label: 'Immediately' },
          { value: 'finished', label: 'When finished' },
          { value: 'stream', label: 'Stream' },
        ]}
        value={webhook.mode}
        onChange={(mode) => update({ mode: mode as Webhook['mode'] })}
      />
      <p className={classes.explain}>{explanation(webhook)}</p>
      {webhook.mode !== 'accepted' && (
        <div className={classes.deadline}>
          <NumberField
            label="Response timeout"
            unit="s"
            min={0.1}
            max={300}
            readOnly={false}
            value={webhook.deadlineMs / 1_000}
            onChange={(seconds) => seconds !== undefined && update({ deadlineMs: Math.round(seconds * 1_000) })}
          />
        </div>
      )}
    </div>
  );
}
