import { getRunBlob, type Run } from '@switchyard/shared/contracts/runs.ts';
import { getWorkflow, saveDraft } from '@switchyard/shared/contracts/workflows.ts';
import { blobOf, filesOf, mapFiles, restored, restoreFiles } from '@switchyard/shared/files/stored-value.ts';
import type { Graph } from '@switchyard/shared/graph/graph.ts';
import { ApiError } from '../../api/api-error.ts';
import { call } from '../../api/call.ts';
import { setNodeData } from '../../graph-editing/operations/change-nodes.ts';
import { startNode, withSample } from '../../graph-editing/samples.ts';

const ATTEMPTS = 3;

/** The whole input of a run, also if it is stored separately. A sample has no files, so they are left out. */
export async function inputOf({ id, input }: Pick<Run, 'id' | 'input'>): Promise<unknown> {
  const large = blobOf(input);
  const whole = large ? restoreFiles(await call(getRunBlob, { params: { id, hash: large.$blob } }), filesOf(input)) : restored(input);
  return JSON.parse(JSON.stringify(mapFiles(whole, () => undefined) ?? null));
}

/** Adds a sample to the draft of a workflow that isn’t open. A draft that was saved in the meantime is read again. */
export async function saveSample(workflowId: string, name: string, value: unknown): Promise<void> {
  const params = { id: workflowId };
  for (let attempt = 1; ; attempt++) {
    const { draft, draftRevision } = await call(getWorkflow, { params });
    try {
      await call(saveDraft, { params, body: { graph: graphWith(draft, name, value), revision: draftRevision } });
      return;
    } catch (thrown) {
      if (!(thrown instanceof ApiError) || thrown.code !== 'revision-conflict' || attempt === ATTEMPTS) throw thrown;
    }
  }
}

function graphWith(graph: Graph, name: string, value: unknown): Graph {
  const start = startNode(graph);
  if (!start) throw new Error('The draft has no Input node. Add one first.');
  return setNodeData(graph, start.id, { params: withSample(start.data.params, name, value) });
}
