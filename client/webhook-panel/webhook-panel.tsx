import { CopyButton, UnstyledButton } from '@mantine/core';
import type { Webhook } from '@switchyard/shared/contracts/webhooks.ts';
import { IconCheck, IconCopy, IconWebhook } from '@tabler/icons-react';
import { useWebhook } from '../api/queries.ts';
import { NumberField } from '../form/number-field.tsx';
import { ErrorState } from '../frame/error-state.tsx';
import { PanelFrame } from '../frame/panel/panel-frame.tsx';
import { startNode } from '../graph-editing/samples.ts';
import { useChosenSample } from '../open-workflow/chosen-sample.ts';
import { useEditor, useEditorApi } from '../open-workflow/editor-store.ts';
import { CompletionUrl } from './completion.tsx';
import { LabelFields } from './label-fields.tsx';
import { Listening } from './listening.tsx';
import { PauseFooter } from './pause-footer.tsx';
import { RecentRequests } from './recent-requests.tsx';
import { ReplyMode } from './reply-mode.tsx';
import { curlFor } from './request-labels.ts';
import { Senders } from './senders.tsx';
import { Signature } from './signature.tsx';
import { useUpdateWebhook } from './use-update-webhook.ts';
import { WebhookMenu } from './webhook-menu.tsx';
import classes from './webhook-panel.module.css';
import { WebhookUrls } from './webhook-urls.tsx';

/** The webhook of the workflow: its URLs, its response, and a place to receive a test request. */
export function WebhookPanel() {
  const editor = useEditorApi();
  const workflowId = useEditor((state) => state.workflowId);
  const start = useEditor((state) => startNode(state.graph));
  const webhook = useWebhook(workflowId);
  return (
    <PanelFrame
      title="Webhook"
      icon={IconWebhook}
      subtitle={start ? `starts at ${start.data.title}` : 'needs an Input node to start at'}
      actions={webhook.data && <WebhookMenu workflowId={workflowId} />}
      closeLabel="Close the webhook panel"
      onClose={() => editor.getState().openPanel(null)}
      foot={<PauseFooter workflowId={workflowId} />}
    >
      {webhook.isError && <ErrorState title="Couldn’t load webhook" error={webhook.error} retry={() => void webhook.refetch()} />}
      {webhook.data && (
        <>
          <div className={classes.section}>
            <WebhookUrls webhook={webhook.data} />
            <ReplyMode webhook={webhook.data} workflowId={workflowId} />
          </div>
          <div className={classes.section}>
            <Listening workflowId={workflowId} />
            <CurlSnippet testUrl={webhook.data.testUrl} />
          </div>
          <div className={classes.section}>
            <RecentRequests workflowId={workflowId} />
          </div>
          <div className={classes.section}>
            <Signature webhook={webhook.data} workflowId={workflowId} />
            <RateLimit webhook={webhook.data} workflowId={workflowId} />
          </div>
          <div className={classes.section}>
            <Senders webhook={webhook.data} workflowId={workflowId} />
          </div>
          <div className={classes.section}>
            <CompletionUrl webhook={webhook.data} workflowId={workflowId} />
          </div>
          <div className={classes.section}>
            <LabelFields webhook={webhook.data} workflowId={workflowId} />
          </div>
        </>
      )}
    </PanelFrame>
  );
}

/** Requests accepted per minute. Empty for no limit. */
function RateLimit({ webhook, workflowId }: { webhook: Webhook; workflowId: string }) {
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

/** A command that sends the chosen sample to the test URL. */
function CurlSnippet({ testUrl }: { testUrl: string }) {
  const sample = useChosenSample();
  const command = curlFor(testUrl, sample?.value);
  return (
    <div>
      <div className={classes.labelLine}>
        <span>Try it with curl</span>
        <CopyButton value={command} timeout={1_500}>
          {({ copied, copy }) => (
            <UnstyledButton className={classes.link} onClick={copy}>
              {copied ? <IconCheck size={15} aria-hidden /> : <IconCopy size={15} aria-hidden />} {copied ? 'Copied' : 'Copy'}
            </UnstyledButton>
          )}
        </CopyButton>
      </div>
      <pre className={classes.snippet}>{command}</pre>
    </div>
  );
}
