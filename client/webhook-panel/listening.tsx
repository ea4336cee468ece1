import { UnstyledButton } from '@mantine/core';
import { IconLoader2, IconPlayerPause } from '@tabler/icons-react';
import { useCapturedCall } from '../open-workflow/captured-call.ts';
import { CapturedCallCard } from './captured-call-card.tsx';
import { useListen } from './use-listen.ts';
import classes from './webhook-panel.module.css';

/** Listens for a call of the test URL, and shows the last one that was caught. */
export function Listening({ workflowId }: { workflowId: string }) {
  const { listening, problem, setListening } = useListen(workflowId);
  const captured = useCapturedCall(workflowId);
  return (
    <>
      <div className={classes.listenLine} role="status">
        {listening ? (
          <span className={classes.listening}>
            <IconLoader2 size={16} className={classes.spin} aria-hidden /> {problem ? 'Trying to listen…' : 'Listening for a test call…'}
          </span>
        ) : (
          <span className={classes.notListening}>
            <IconPlayerPause size={16} aria-hidden /> Not listening
          </span>
        )}
        <UnstyledButton className={classes.link} onClick={() => setListening(!listening)}>
          {listening ? 'Stop listening' : 'Listen'}
        </UnstyledButton>
      </div>
      {problem && <p className={classes.failure}>{problem}</p>}
      {captured && <CapturedCallCard key={captured.at} call={captured} workflowId={workflowId} />}
    </>
  );
}
