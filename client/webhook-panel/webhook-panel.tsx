import { CloseButton } from '@mantine/core';
import { IconWebhook } from '@tabler/icons-react';
import { useWebhook } from '../api/queries.ts';
import { ErrorState } from '../frame/error-state.tsx';
import { startNode } from '../graph-editing/samples.ts';
import { useEditor, useEditorApi } from '../open-workflow/editor-store.ts';
import { CallLabels } from './call-labels.tsx';
import { CurlSnippet } from './curl-snippet.tsx';
import { Listening } from './listening.tsx';
import { PauseFooter } from './pause-footer.tsx';
import { RateLimit } from './rate-limit.tsx';
import { RecentCalls } from './recent-calls.tsx';
import { ReplyMode } from './reply-mode.tsx';
import { Senders } from './senders.tsx';
import { Signature } from './signature.tsx';
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
    <section className={classes.panel} aria-label="Webhook">
      <header className={classes.header}>
        <span className={classes.icon}>
          <IconWebhook size={17} stroke={1.6} aria-hidden />
        </span>
        <div className={classes.names}>
          <h2 className={classes.title}>Webhook</h2>
          <p className={classes.subtitle}>{start ? `starts at ${start.data.title}` : 'needs an Input node to start at'}</p>
        </div>
        {webhook.data && <WebhookMenu workflowId={workflowId} />}
        <CloseButton aria-label="Close the webhook panel" onClick={() => editor.getState().openPanel(null)} />
      </header>
      <div className={classes.body}>
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
              <RecentCalls workflowId={workflowId} />
            </div>
            <div className={classes.section}>
              <Signature webhook={webhook.data} workflowId={workflowId} />
              <RateLimit webhook={webhook.data} workflowId={workflowId} />
            </div>
            <div className={classes.section}>
              <Senders webhook={webhook.data} workflowId={workflowId} />
            </div>
            <div className={classes.section}>
              <CallLabels webhook={webhook.data} workflowId={workflowId} />
            </div>
          </>
        )}
      </div>
      <PauseFooter workflowId={workflowId} />
    </section>
  );
}
