import type { Graph } from '@switchyard/shared/graph/graph.ts';
import { isEnded, type RunState } from '@switchyard/shared/run/state.ts';
import { REPLIED_AS_FAILURE } from '../run-look/status-labels.ts';
import { markStep } from '../run-look/step-rows.ts';

const STEP_WORDS = { succeeded: 'succeeded', failed: 'failed', waiting: 'waiting' } as const;
const RUN_WORDS = { succeeded: 'Run succeeded', failed: 'Run failed', cancelled: 'Run canceled' } as const;

/** Screen reader announcements for changes between two states of a run: steps that ended or wait, and the end. */
export function announcements(before: RunState, after: RunState, graph: Graph): string {
  const titles = new Map(graph.nodes.map((node) => [node.data.key, node.data.title]));
  const words: string[] = [];
  for (const [id, step] of after.steps) {
    const now = step.status as keyof typeof STEP_WORDS;
    if (STEP_WORDS[now] && before.steps.get(id)?.status !== step.status)
      words.push(`${titles.get(step.nodeKey) ?? step.nodeKey} ${markStep(step, after).repliedAsFailure ? REPLIED_AS_FAILURE.toLowerCase() : STEP_WORDS[now]}`);
  }
  if (isEnded(after.status) && before.status !== after.status) words.push(RUN_WORDS[after.status as keyof typeof RUN_WORDS]);
  return words.join('. ');
}
