import { SegmentedControl } from '@mantine/core';
import type { Webhook } from '@switchyard/shared/contracts/webhooks.ts';
import { NumberField } from '../form/number-field.tsx';
import { formatDuration } from '../ui/format.ts';
import { useUpdateWebhook } from './use-update-webhook.ts';
import classes from './webhook-panel.module.css';

function explanation({ mode, deadlineMs }: Webhook): string {
  const limit = `After ${formatDuration(deadlineMs)}, or when a person must decide,`;
  if (mode === 'accepted') return 'Answers 202 with a link to the run as soon as the call is safely kept.';
  if (mode === 'finished') return `Answers with the output of the workflow. ${limit} it answers 202 with a link to the run.`;
  return `Sends the words of prompts as they come, then the output, as server-sent events. ${limit} it sends a link to the run.`;
}

/** When the caller gets an answer, and which. */
export function ReplyMode({ webhook, workflowId }: { webhook: Webhook; workflowId: string }) {
  const update = useUpdateWebhook(workflowId);
  return (
    <div>
      <div className={classes.labelLine} id="webhook-reply">
        <span>Reply</span>
      </div>
      <SegmentedControl
        fullWidth
        aria-labelledby="webhook-reply"
        data={[
          { value: 'accepted', label: 'At once' },
          { value: 'finished', label: 'When finished' },
          { value: 'stream', label: 'Streamed' },
        ]}
        value={webhook.mode}
        onChange={(mode) => update({ mode: mode as Webhook['mode'] })}
      />
      <p className={classes.explain}>{explanation(webhook)}</p>
      {webhook.mode !== 'accepted' && (
        <div className={classes.deadline}>
          <NumberField
            label="Longest wait"
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
