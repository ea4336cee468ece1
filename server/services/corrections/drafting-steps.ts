import type { Reference } from '@switchyard/shared/expression/references.ts';
import { compileTemplate } from '@switchyard/shared/expression/template.ts';
import { type Graph, type GraphNode, outPort } from '@switchyard/shared/graph/graph.ts';
import { isPlainObject } from '@switchyard/shared/json.ts';
import { frameOf, parseAddress, placeOfFrame } from '@switchyard/shared/run/address.ts';
import type { JournalEvent, ModelCallRecord } from '@switchyard/shared/run/events.ts';
import { fold } from '@switchyard/shared/run/fold.ts';
import { currentStep, type FrameState, frameOfStep, type RunState, type StepState } from '@switchyard/shared/run/state.ts';

/*
 * Finds what made the draft of a review field: the step that its template names. Everything is read from the journal as it was when the review
 * opened, so the answer doesn’t depend on when it is asked for.
 */

/** A review when it opened: the state of its run, its node, and the graph. */
export interface OpenedReview {
  readonly state: RunState;
  readonly graph: Graph;
  readonly node: GraphNode | undefined;
  readonly stepId: string;
}

/** The run as it was when this review opened. Undefined if its journal no longer says. */
export function reviewWhenOpened(
  events: readonly JournalEvent[],
  graph: Graph,
  review: { readonly id: string; readonly stepId: string },
): OpenedReview | undefined {
  const opened = events.findIndex((event) => event.type === 'step-waiting' && event.wait.kind === 'review' && event.wait.reviewId === review.id);
  if (opened === -1) return undefined;
  const address = parseAddress(review.stepId);
  const key = address?.kind === 'step' ? address.nodeKey : review.stepId;
  return { state: fold(events.slice(0, opened + 1)), graph, node: graph.nodes.find(({ data }) => data.key === key), stepId: review.stepId };
}

/** What made the draft of a field. `label`: the draft is the label that a Classify step chose. */
export type DraftOrigin = 'none' | 'several' | { readonly step: StepState; readonly title: string; readonly label: boolean };

/** The step that the template of a field names and that has run. Alternatives that were skipped don’t count. */
export function draftOrigin(review: OpenedReview, field: string): DraftOrigin {
  const frame = frameOfStep(review.state, review.stepId);
  const named = referencesOf(review.node, field).filter(({ root }) => root === 'steps');
  const keys = [...new Set(named.flatMap(({ path }) => path.slice(0, 1)))];
  const steps = keys.map((key) => frame && stepOf(review.state, frame, key)).filter((step) => step?.status === 'succeeded');
  const [step, ...more] = steps;
  if (!step) return 'none';
  if (more.length > 0) return 'several';
  const label = step.nodeType === 'classify' && named.some(({ path }) => path[0] === step.nodeKey && path[1] === 'label');
  return { step, title: review.graph.nodes.find(({ data }) => data.key === step.nodeKey)?.data.title ?? step.nodeKey, label };
}

function referencesOf(node: GraphNode | undefined, field: string): readonly Reference[] {
  const fields = node && Array.isArray(node.data.params.fields) ? node.data.params.fields : [];
  const template: unknown = fields.find((one) => isPlainObject(one) && one.name === field)?.value;
  try {
    return typeof template === 'string' ? compileTemplate(template).references : [];
  } catch {
    // The graph was frozen with this expression by a build that could read it.
    return [];
  }
}

/** A step in its current round, in the frame of the review or in one around it. */
function stepOf(state: RunState, frame: FrameState, key: string): StepState | undefined {
  const found = currentStep(frame, key);
  if (found || frame.id === undefined) return found;
  const outerId = frameOf(placeOfFrame(frame.id).containerId);
  const outer = outerId === undefined ? state : state.frames.get(outerId);
  return outer && stepOf(state, outer, key);
}

/** The model call that wrote the output of a step: the last one that is not the verdict of a judge. */
export function draftingCall({ calls }: StepState): ModelCallRecord | undefined {
  const records = calls.flatMap(({ status, record }) => (status === 'succeeded' && record?.kind === 'model' ? [record] : []));
  return records.findLast(({ request }) => !(isPlainObject(request) && request.schemaName === 'verdict'));
}

/** Whether a decision leads back to an earlier node. */
export const leadsBack = ({ graph, node }: OpenedReview, decision: string): boolean =>
  graph.edges.some((edge) => edge.source === node?.id && outPort(edge) === decision && edge.data?.back === true);
