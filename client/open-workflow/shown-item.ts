import { GROUP_TYPE, type Graph } from '@switchyard/shared/graph/graph.ts';
import { frameId, frameOf, framesAround, placeOfFrame } from '@switchyard/shared/run/address.ts';
import { isBrief } from '@switchyard/shared/run/brief-events.ts';
import type { JournalEvent } from '@switchyard/shared/run/events.ts';
import { foldFrame } from '@switchyard/shared/run/fold-frame.ts';
import { currentStep, type FrameState, findStep, type RunState, type StepState } from '@switchyard/shared/run/state.ts';
import { createStore } from 'zustand/vanilla';
import { readFrame } from '../live/item-frames.ts';

/* Which item of a for-each step is shown on the canvas, and what happened in it. */

/** The chosen items, by run and for-each step. */
export const chosenItems = createStore<ReadonlyMap<string, number>>(() => new Map());

const choiceKey = (runId: string, stepId: string): string => `${runId}/${stepId}`;

/** Shows this item of a for-each step. */
export const showItem = (runId: string, stepId: string, index: number): void =>
  chosenItems.setState(new Map(chosenItems.getState()).set(choiceKey(runId, stepId), index), true);

/** A run whose items can be read. */
export interface ItemSource {
  readonly runId: string;
  readonly state: RunState;
  readonly journal?: readonly JournalEvent[] | undefined;
  /** What steps read and returned is wanted, too. */
  readonly values?: boolean;
}

/** The shown item of a for-each step: the chosen one, or else the first that is open, or failed. */
export function shownItemOf({ runId, state }: ItemSource, step: StepState): number {
  const chosen = chosenItems.getState().get(choiceKey(runId, step.id));
  if (chosen !== undefined) return Math.min(chosen, Math.max(0, (step.items?.count ?? 1) - 1));
  const [open] = state.containers.get(step.id)?.open.keys() ?? [];
  return open ?? step.items?.failures[0]?.index ?? 0;
}

/** The frame that a node is shown in: the run itself, or the shown items of the containers around it. Undefined if that item has not started. */
export function frameAround(source: ItemSource, around: readonly string[]): FrameState | undefined {
  let frame: FrameState | undefined = source.state;
  for (const key of around) {
    const step: StepState | undefined = frame && currentStep(frame, key);
    if (!step?.items) return undefined;
    frame = frameOfItem(source, step, shownItemOf(source, step));
  }
  return frame;
}

/** Whether what happens in the items of a for-each step is left out of the state of a live run: it, or one around it, has many items. */
export function isReadOnDemand(state: RunState, step: StepState): boolean {
  const around = framesAround(frameOf(step.id)).map((frame) => findStep(state, placeOfFrame(frame).containerId));
  return [step, ...around].some((container) => container?.items !== undefined && isBrief(container.items.count));
}

/** What happened in an item. Undefined if it has not started. `values`: with what its steps read and returned, perhaps a moment late. */
export function frameOfItem({ runId, state, journal, values = false }: ItemSource, step: StepState, index: number): FrameState | undefined {
  const id = frameId(step.id, index);
  const open = state.frames.get(id);
  if (isReadOnDemand(state, step)) return values ? (readFrame(runId, id) ?? open) : (open ?? readFrame(runId, id));
  if (open || !journal) return open;
  const container = state.containers.get(step.id);
  return container && !container.outcomes[index] ? undefined : endedFrame(journal, id);
}

/** Items that have ended don’t change, so each is read once per journal. */
const ended = new WeakMap<readonly JournalEvent[], Map<string, FrameState | undefined>>();
const MOST_KEPT = 100;

function endedFrame(journal: readonly JournalEvent[], id: string): FrameState | undefined {
  const known = ended.get(journal) ?? new Map<string, FrameState | undefined>();
  ended.set(journal, known);
  if (!known.has(id)) {
    if (known.size >= MOST_KEPT) known.clear();
    known.set(id, foldFrame(journal, id).frames.get(id));
  }
  return known.get(id);
}

const NONE: readonly string[] = [];
const chains = new WeakMap<Graph['nodes'], ReadonlyMap<string, readonly string[]>>();

/** The keys of the containers around a node, from the outside in. The same list until the graph changes. */
export function containersAround({ nodes }: Graph, nodeKey: string): readonly string[] {
  let known = chains.get(nodes);
  if (!known) {
    known = chainsOf(nodes);
    chains.set(nodes, known);
  }
  return known.get(nodeKey) ?? NONE;
}

function chainsOf(nodes: Graph['nodes']): Map<string, readonly string[]> {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const found = new Map<string, readonly string[]>();
  for (const node of nodes) {
    const chain: string[] = [];
    const passed = new Set<string>();
    for (let at = byId.get(node.parentId ?? ''); at && !passed.has(at.id); at = byId.get(at.parentId ?? '')) {
      passed.add(at.id);
      if (at.type !== GROUP_TYPE) chain.unshift(at.data.key);
    }
    if (chain.length > 0) found.set(node.data.key, chain);
  }
  return found;
}
