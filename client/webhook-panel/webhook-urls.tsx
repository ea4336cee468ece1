import { UnstyledButton } from '@mantine/core';
import type { Webhook } from '@switchyard/shared/contracts/webhooks.ts';
import { useState } from 'react';
import { useEditor, useEditorApi } from '../open-workflow/editor-store.ts';
import { CopyField } from '../ui/copy-field.tsx';
import { showFailure } from '../ui/toast.tsx';
import classes from './webhook-panel.module.css';

/** The live and the test URL, each with what it runs. */
export function WebhookUrls({ webhook }: { webhook: Webhook }) {
  return (
    <>
      <div>
        <div className={classes.labelLine}>
          <span>Live URL</span>
          <LiveState />
        </div>
        <CopyField value={webhook.url} label="Live URL" />
      </div>
      <div>
        <div className={classes.labelLine}>
          <span>Test URL</span>
          <span className={classes.quiet}>Runs the draft and shows the run here</span>
        </div>
        <CopyField value={webhook.testUrl} label="Test URL" />
      </div>
    </>
  );
}

function LiveState() {
  const editor = useEditorApi();
  const liveVersion = useEditor((state) => state.liveVersion);
  const nextVersion = useEditor((state) => state.nextVersion);
  const paused = useEditor((state) => state.paused);
  const [busy, setBusy] = useState(false);
  const publish = async () => {
    setBusy(true);
    try {
      await editor.getState().publish();
    } catch (thrown) {
      showFailure(`Couldn’t publish version ${nextVersion}`, thrown);
    }
    setBusy(false);
  };
  if (paused) return <span className={classes.paused}>Paused. Returns 503.</span>;
  if (liveVersion !== null) {
    return (
      <span className={classes.live}>
        <span className={classes.dot} aria-hidden />
        runs v{liveVersion}
      </span>
    );
  }
  return (
    <span className={classes.quiet}>
      Not published yet:{' '}
      <UnstyledButton className={classes.link} disabled={busy} onClick={() => void publish()}>
        {busy ? 'Publishing…' : `Publish v${nextVersion}`}
      </UnstyledButton>
    </span>
  );
}
