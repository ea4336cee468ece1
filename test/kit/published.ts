import type { BodyOf } from '@switchyard/shared/contracts/contract.ts';
import { getWebhook, updateWebhook } from '@switchyard/shared/contracts/webhooks.ts';
import { createWorkflow, publishWorkflow } from '@switchyard/shared/contracts/workflows.ts';
import type { Graph } from '@switchyard/shared/graph/graph.ts';
import type { TestApi } from './api.ts';

export interface PublishedWorkflow {
  readonly id: string;
  /** The live webhook URL, and the test URL. */
  readonly url: string;
  readonly testUrl: string;
}

/** Creates a workflow, publishes it, and sets up its webhook. */
export async function publishedWorkflow(api: TestApi, graph: Graph, webhook: BodyOf<typeof updateWebhook> = {}): Promise<PublishedWorkflow> {
  const { id } = await api.call(createWorkflow, { body: { name: 'A workflow', graph } });
  await api.call(publishWorkflow, { params: { id } });
  await api.call(updateWebhook, { params: { id }, body: webhook });
  const { url, testUrl } = await api.call(getWebhook, { params: { id } });
  return { id, url, testUrl };
}
