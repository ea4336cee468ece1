import { CopyButton, UnstyledButton } from '@mantine/core';
import { IconCheck, IconCopy } from '@tabler/icons-react';
import { useChosenSample } from '../open-workflow/chosen-sample.ts';
import { curlFor } from './request-labels.ts';
import classes from './webhook-panel.module.css';

/** A command that sends the chosen sample to the test URL. */
export function CurlSnippet({ testUrl }: { testUrl: string }) {
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
