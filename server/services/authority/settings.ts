import { authorityParams } from '@switchyard/nodes/people/review-task.ts';
import type { NodeAuthority } from '@switchyard/shared/contracts/evaluation/authority.ts';
import type { Graph } from '@switchyard/shared/graph/graph.ts';
import { type WorkflowRecord, workflows } from '../../store/collections.ts';
import type { WorkspaceStore } from '../../store/port.ts';
import { liveVersionOf } from '../workflows/live-version.ts';
import { versionGraph } from '../workflows/versions.ts';

/** What the node says about its reviews. */
export interface AuthoritySettings extends NonNullable<NodeAuthority['settings']> {
  /** What a person sees of a group without a share of its own, in percent. */
  readonly share: number;
  readonly hasConfidence: boolean;
}

/** The settings of a review node in a graph. Undefined if there are none. */
export function nodeSettings(graph: Graph, nodeKey: string): AuthoritySettings | undefined {
  const node = graph.nodes.find(({ type, data }) => type === 'human-review' && data.key === nodeKey);
  const read = authorityParams.optional().safeParse(node?.data.params.authority);
  if (!read.success || !read.data) return undefined;
  const { mode, target, floor, matters, locked, percent, confidence } = read.data;
  const share = mode === 'all' ? 100 : mode === 'sample' ? Math.max(floor, percent) : floor;
  return { mode, target, floor, matters, locked, share, hasConfidence: confidence.trim() !== '' };
}

/** Those of the live version. */
export async function liveSettings(store: WorkspaceStore, workflowId: string, nodeKey: string): Promise<AuthoritySettings | undefined> {
  const workflow: WorkflowRecord | undefined = await store.get(workflows, workflowId);
  const version = workflow && liveVersionOf(workflow);
  if (!version) return undefined;
  return nodeSettings((await versionGraph({ store }, workflowId, version)).graph, nodeKey);
}
