import type { ReplyOf } from '@switchyard/shared/contracts/contract.ts';
import type { listenWebhook } from '@switchyard/shared/contracts/webhooks.ts';
import { useStore } from 'zustand';
import { createStore } from 'zustand/vanilla';

/** A request to the test URL, as captured by the server. */
export type CapturedCall = NonNullable<ReplyOf<typeof listenWebhook>['call']>;

/** The last captured test request of each workflow, while the page is open. */
const captured = createStore<Readonly<Record<string, CapturedCall>>>(() => ({}));

export const keepCapturedCall = (workflowId: string, call: CapturedCall): void => captured.setState({ [workflowId]: call });

/** The last captured test request of a workflow. */
export const useCapturedCall = (workflowId: string): CapturedCall | undefined => useStore(captured, (calls) => calls[workflowId]);
