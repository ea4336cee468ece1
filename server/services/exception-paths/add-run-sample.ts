import { isAppError } from '@switchyard/shared/errors.ts';
import { findFiles } from '@switchyard/shared/files/stored-value.ts';
import type { Graph, GraphNode } from '@switchyard/shared/graph/graph.ts';
import { samplesOf } from '@switchyard/shared/graph/samples.ts';
import { isBlobRef } from '@switchyard/shared/run/blob.ts';
import { type RunRecord, workflows } from '../../store/collections.ts';
import type { ServiceContext } from '../context.ts';
import { canonicalJson } from '../workflows/content-hash.ts';
import { putDraft } from '../workflows/save-draft.ts';

/** The most samples of an Input node. */
const MOST_SAMPLES = 50;
const LONGEST_NAME = 60;
/** How often the draft may be saved elsewhere in between. */
const ATTEMPTS = 5;

/**
 * Adds the input of a run to the samples of its workflow’s draft, under this name. Returns the name, or that of an equal sample. Null if there is
 * no draft, no place, or no input that can be one: it was removed, is encrypted, has files, or is stored separately because it is large.
 */
export async function addRunSample(context: ServiceContext, { workflowId, triggerData, payloadsRemovedAt }: RunRecord, wanted: string): Promise<string | null> {
  const { body, sealed } = triggerData;
  if (payloadsRemovedAt !== undefined || sealed !== undefined || isBlobRef(body) || findFiles(body).length > 0) return null;
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const workflow = await context.store.get(workflows, workflowId);
    const start = workflow?.deletedAt === null ? workflow.draft.nodes.find((node) => context.catalog(node.type)?.role === 'start') : undefined;
    if (!workflow || !start) return null;
    const samples = samplesOf(start.data.params);
    const equal = samples.find(({ value }) => canonicalJson(value ?? null) === canonicalJson(body ?? null));
    if (equal) return equal.name;
    if (samples.length >= MOST_SAMPLES) return null;
    const name = freeName(wanted, new Set(samples.map((sample) => sample.name)));
    try {
      await putDraft(context, workflowId, withSample(workflow.draft, start, { name, value: body }), workflow.draftRevision);
      return name;
    } catch (thrown) {
      if (!isAppError(thrown, 'revision-conflict')) throw thrown;
    }
  }
  return null;
}

function freeName(wanted: string, taken: ReadonlySet<string>): string {
  const base = wanted.length > LONGEST_NAME ? `${wanted.slice(0, LONGEST_NAME - 1)}…` : wanted;
  for (let number = 1; ; number++) {
    const name = number === 1 ? base : `${base} ${number}`;
    if (!taken.has(name)) return name;
  }
}

function withSample(graph: Graph, start: GraphNode, sample: { readonly name: string; readonly value: unknown }): Graph {
  const known: unknown = start.data.params.samples;
  const samples = [...(Array.isArray(known) ? known : []), sample];
  return {
    ...graph,
    nodes: graph.nodes.map((node) => (node === start ? { ...node, data: { ...node.data, params: { ...node.data.params, samples } } } : node)),
  };
}
