import { UnstyledButton } from '@mantine/core';
import { IconLoader2, IconPlayerPause } from '@tabler/icons-react';
import { useTestRequest } from '../open-workflow/test-request.ts';
import { TestRequestCard } from './test-request-card.tsx';
import { useListen } from './use-listen.ts';
import classes from './webhook-panel.module.css';

/** Waits for a request to the test URL, and shows the last one received. */
export function Listening({ workflowId }: { workflowId: string }) {
  const { listening, problem, setListening } = useListen(workflowId);
  const captured = useTestRequest(workflowId);
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
      {captured && <TestRequestCard key={captured.at} request={captured} />}
    </>
  );
}
