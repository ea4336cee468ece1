import { isDecision } from '@switchyard/nodes/people/decision.ts';
import type { ReviewStory } from '@switchyard/shared/contracts/reviews.ts';
import type { RunStep } from '@switchyard/shared/contracts/runs.ts';
import type { ErrorData } from '@switchyard/shared/errors.ts';
import { type Graph, outPort } from '@switchyard/shared/graph/graph.ts';
import { isPlainObject } from '@switchyard/shared/json.ts';
import { type Address, parseAddress } from '@switchyard/shared/run/address.ts';
import { type ReviewRecord, reviews } from '../../store/collections.ts';
import { findAll } from '../../store/find-all.ts';
import type { ServiceContext } from '../context.ts';
import { getRun, getRunGraph } from '../runs/get-run.ts';
import { stepsOfItem } from '../runs/item-steps.ts';
import { getReviewRecord } from './reviews.ts';

type StepAddress = Extract<Address, { kind: 'step' }>;

/** How the error of a step is told. */
type MessageOf = (error: ErrorData) => string;

/** What a reviewer should know about the run: its steps so far (of other items, none), the other rounds of this step, and which decisions loop back. */
export async function reviewStory(context: ServiceContext, id: string, messageOf: MessageOf = ({ message }) => message): Promise<ReviewStory> {
  const review = await getReviewRecord(context, id);
  const { nodeKey: key, frame } = stepOf(review);
  const [run, inItem, graph, series] = await Promise.all([
    getRun(context, review.runId),
    frame === undefined ? [] : stepsOfItem(context, review.runId, frame),
    getRunGraph(context, review.runId),
    findAll(context.store, reviews, { where: { runId: review.runId } }),
  ]);
  return {
    happened: [...run.steps, ...inItem].filter((step) => isBefore(step, review)).map((step) => lineOf(step, graph, messageOf)),
    rounds: series
      .map((other) => ({ ...other, ...stepOf(other) }))
      .filter((other) => other.nodeKey === key && other.frame === frame)
      .map(({ id, status, decidedAt, decidedBy, decision, round }) => ({ id, status, decidedAt, decidedBy, decision, round }))
      .sort((a, b) => a.round - b.round),
    backward: backwardFrom(graph, key),
  };
}

/** The step that a review belongs to, and its item. */
function stepOf({ stepId }: Pick<ReviewRecord, 'stepId'>): Pick<StepAddress, 'nodeKey' | 'round' | 'frame'> {
  const address = parseAddress(stepId);
  if (address?.kind !== 'step') return { nodeKey: stepId, round: 1, frame: undefined };
  const { nodeKey, round, frame } = address;
  return { nodeKey, round, frame };
}

/** Steps that did something, up to the decision. */
const isBefore = (step: RunStep, { decidedAt }: ReviewRecord): boolean =>
  step.status !== 'skipped' && step.startedAt !== null && (decidedAt === null || step.startedAt <= decidedAt);

const backwardFrom = (graph: Graph, key: string): string[] => {
  const node = graph.nodes.find(({ data }) => data.key === key);
  return graph.edges.filter((edge) => edge.source === node?.id && edge.data?.back === true).map(outPort);
};

function lineOf(step: RunStep, graph: Graph, messageOf: MessageOf): ReviewStory['happened'][number] {
  const { id, round, status, startedAt, endedAt } = step;
  const title = graph.nodes.find(({ data }) => data.key === step.nodeKey)?.data.title ?? step.nodeKey;
  return { stepId: id, title: round > 1 ? `${title}, round ${round}` : title, detail: detailOf(step, messageOf), status, startedAt, endedAt };
}

/** The outcome of a step in a few words. Empty if there is nothing short to say. */
function detailOf({ output, port, error, calls }: RunStep, messageOf: MessageOf): string {
  if (error) return messageOf(error);
  if (isDecision(output)) return [output.decision.replaceAll('_', ' '), output.reviewer && `by ${output.reviewer}`].filter(Boolean).join(' ');
  if (isPlainObject(output) && typeof output.label === 'string') return output.label;
  if (port !== null) return port.replaceAll('_', ' ');
  const model = calls.findLast(({ record }) => record?.kind === 'model')?.record;
  return model?.kind === 'model' ? `route ${model.route}${model.demo ? ', demo' : ''}` : '';
}
