import type { ReplyOf } from '@switchyard/shared/contracts/contract.ts';
import type { listenWebhook } from '@switchyard/shared/contracts/webhooks.ts';
import { useStore } from 'zustand';
import { createStore } from 'zustand/vanilla';

/** A call of the test URL, as the server caught it. */
export type CapturedCall = NonNullable<ReplyOf<typeof listenWebhook>['call']>;

/** The last test call that was caught, by workflow, for as long as the page is open. */
const captured = createStore<Readonly<Record<string, CapturedCall>>>(() => ({}));

export const keepCapturedCall = (workflowId: string, call: CapturedCall): void => captured.setState({ [workflowId]: call });

/** The last test call that was caught for a workflow. */
export const useCapturedCall = (workflowId: string): CapturedCall | undefined => useStore(captured, (calls) => calls[workflowId]);
