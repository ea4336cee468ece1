import type { ReplyOf } from '@switchyard/shared/contracts/contract.ts';
import type { listenWebhook } from '@switchyard/shared/contracts/webhooks.ts';
import { useStore } from 'zustand';
import { createStore } from 'zustand/vanilla';

/** A request to the test URL, as captured by the server. */
export type TestRequest = NonNullable<ReplyOf<typeof listenWebhook>['call']>;

/** The last captured test request of each workflow, while the page is open. */
const requests = createStore<Readonly<Record<string, TestRequest>>>(() => ({}));

export const setTestRequest = (workflowId: string, request: TestRequest): void => requests.setState({ [workflowId]: request });

/** The last captured test request of a workflow. */
export const useTestRequest = (workflowId: string): TestRequest | undefined => useStore(requests, (all) => all[workflowId]);
