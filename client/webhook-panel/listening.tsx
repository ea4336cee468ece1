import { UnstyledButton } from '@mantine/core';
import { IconLoader2, IconPlayerPause } from '@tabler/icons-react';
import { useCapturedCall } from '../open-workflow/captured-call.ts';
import { CapturedCallCard } from './captured-call-card.tsx';
import { useListen } from './use-listen.ts';
import classes from './webhook-panel.module.css';

/** Waits for a request to the test URL, and shows the last one received. */
export function Listening({ workflowId }: { workflowId: string }) {
  const { listening, problem, setListening } = useListen(workflowId);
  const captured = useCapturedCall(workflowId);
  return (
    <>
      <div className={classes.listenLine} role="status">
        {listening ? (
          <span className={classes.listening}>
            <IconLoader2 size={16} className={classes.spin} aria-hidden /> {problem ? 'Connecting…' : 'Waiting for a test request…'}
          </span>
        ) : (
          <span className={classes.notListening}>
            <IconPlayerPause size={16} aria-hidden /> Not listening
          </span>
        )}
        <UnstyledButton className={classes.link} onClick={() => setListening(!listening)}>
          {listening ? 'Stop' : 'Listen'}
        </UnstyledButton>
      </div>
      {problem && <p className={classes.failure}>{problem}</p>}
      {captured && <CapturedCallCard key={captured.at} call={captured} workflowId={workflowId} />}
    </>
  );
}
