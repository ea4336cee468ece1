import { listenWebhook } from '@switchyard/shared/contracts/webhooks.ts';
import { useEffect, useState } from 'react';
import { call } from '../api/call.ts';
import { setTestRequest } from '../open-workflow/test-request.ts';
import { messageOf } from '../ui/message-of.ts';

const WAIT_MS = 30_000;
const AGAIN_MS = 3_000;

/** Whether the page is waiting for test requests, and why it can’t. */
export interface Listen {
  readonly listening: boolean;
  readonly problem: string | null;
  readonly setListening: (listening: boolean) => void;
}

/** Waits for requests to the test URL while mounted and not stopped, with consecutive long polls. */
export function useListen(workflowId: string): Listen {
  const [listening, setListening] = useState(true);
  const [problem, setProblem] = useState<string | null>(null);
  useEffect(() => {
    if (!listening) return;
    const stop = new AbortController();
    void listen(workflowId, stop.signal, setProblem);
    return () => stop.abort();
  }, [listening, workflowId]);
  return { listening, problem, setListening };
}

async function listen(workflowId: string, signal: AbortSignal, report: (problem: string | null) => void): Promise<void> {
  while (!signal.aborted) {
    try {
      const { call: caught } = await call(listenWebhook, { params: { id: workflowId }, body: { timeoutMs: WAIT_MS }, signal });
      report(null);
      if (caught) setTestRequest(workflowId, caught);
    } catch (thrown) {
      if (signal.aborted) return;
      report(messageOf(thrown));
      await pause(AGAIN_MS, signal);
    }
  }
}

const pause = (ms: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      resolve();
    });
  });
