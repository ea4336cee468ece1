import type { AcceptedRun, EnginePorts, Signal } from '@switchyard/server/engine/ports.ts';
import { OWNER } from '@switchyard/shared/run/actor.ts';
import { signalId, stepOfWait } from '@switchyard/shared/run/address.ts';
import { fold } from '@switchyard/shared/run/fold.ts';
import { findStep, isEnded } from '@switchyard/shared/run/state.ts';
import { type ChildRun, type Inner, later, type StoredRun } from './inner.ts';

/* The runs of a simulated world: the one that a scenario is about, and its child runs (S38). */

export const RUN: AcceptedRun = {
  runId: 'run',
  workspaceId: 'w',
  workflowId: 'workflow',
  version: 1,
  graphHash: 'graph',
  trigger: { kind: 'api', body: { n: 1 } },
  labels: {},
  actor: OWNER,
};

/** The run that replays `RUN`. */
export const REPLAY = 'replay';

/** Starts the replay of the run on a graph. A broken engine performs its effects. */
export function replayOf(inner: Inner, graph: ChildRun['graph']): ChildRun {
  const allow = inner.options.mutant === 'performs-effects' ? graph.nodes.map(({ id }) => id) : [];
  const run: AcceptedRun = { ...RUN, runId: REPLAY, graphHash: 'changed', standIns: { as: 'replay', source: RUN.runId, allow } };
  const replay: ChildRun = { run, graph, journal: [], signals: [], summary: undefined, accepted: true, isTold: true };
  inner.children.set(REPLAY, replay);
  inner.wake(inner.generation - 1, run);
  return replay;
}

/** The recorded child run that a child of a replay repeats: each once. */
function recordedChild({ children }: Inner, { standIns }: AcceptedRun, stepId: string, workflowId: string): string | undefined {
  const repeated = new Set([...children.values()].map(({ run }) => run.standIns?.source));
  const isIt = ({ run }: ChildRun): boolean =>
    run.parent?.runId === standIns?.source && run.workflowId === workflowId && run.parent?.stepId === stepId && !repeated.has(run.runId);
  return [...children.values()].find(isIt)?.run.runId;
}

/** What is stored of a run. Throws if there is no such run. */
export function storedRun(inner: Inner, runId: string): StoredRun {
  const stored = runId === RUN.runId ? inner : inner.children.get(runId);
  if (!stored) throw new Error(`There is no run ${runId}`);
  return stored;
}

/** All runs that exist, with their IDs. */
export const storedRuns = (inner: Inner): (readonly [string, StoredRun])[] =>
  [[RUN.runId, inner] as const, ...inner.children].filter(([, { accepted }]) => accepted);

export const acceptedRun = (inner: Inner, runId: string): AcceptedRun | undefined =>
  runId === RUN.runId ? (inner.accepted ? RUN : undefined) : inner.children.get(runId)?.run;

/** False if there already is such a signal. */
export function insertSignal(inner: Inner, signal: Signal): boolean {
  const { signals, journal } = storedRun(inner, signal.runId);
  if (signals.some((other) => other.id === signal.id)) return false;
  if (!isLost(inner, signal, journal)) signals.push({ ...signal, moved: false });
  return true;
}

/** A broken store loses this signal. */
function isLost({ options: { mutant } }: Inner, { kind, waitId }: Signal, journal: StoredRun['journal']): boolean {
  if (mutant === 'child-end-is-lost') return kind === 'run';
  if (mutant !== 'early-callback-is-dropped' || kind !== 'callback' || waitId === null) return false;
  return findStep(fold(journal), stepOfWait(waitId) ?? '')?.wait?.id !== waitId;
}

/** The ID of the child run that a wait starts. A broken engine starts another one each time. */
function childId({ children, options: { mutant } }: Inner, parent: string, wait: string): string {
  const id = `child-${encodeURIComponent(`${parent} ${wait}`)}`;
  return mutant === 'child-starts-twice' ? `${id}-${children.size}` : id;
}

/** Starts the child run of a wait. Undefined if there is one already. */
function newChild(inner: Inner, runId: string, parent: AcceptedRun, wanted: Parameters<EnginePorts['startChild']>[1]): ChildRun | undefined {
  const { workflowId, stepId, waitId, isWaited, input } = wanted;
  if (inner.children.has(runId)) return undefined;
  const graph = inner.options.workflows?.[workflowId];
  if (!graph) throw new Error(`There is no workflow ${workflowId}`);
  const standIns = parent.standIns && { standIns: { ...parent.standIns, source: recordedChild(inner, parent, stepId, workflowId) } };
  const link = { runId: parent.runId, stepId, waitId: isWaited ? waitId : null, rootId: RUN.runId, depth: (parent.parent?.depth ?? 0) + 1 };
  const run: AcceptedRun = { ...RUN, runId, workflowId, graphHash: workflowId, trigger: { kind: 'workflow', body: input ?? null }, parent: link, ...standIns };
  const child: ChildRun = { run, graph, journal: [], signals: [], summary: undefined, accepted: true, isTold: false };
  inner.children.set(runId, child);
  return child;
}

const hasEnded = ({ summary }: StoredRun): boolean => summary !== undefined && isEnded(summary.status);

/** The ports that link runs as parent and child. In a world without workflows to start, looking for children takes no time. */
export function childPorts(inner: Inner, born: number, load: (reference: unknown) => unknown) {
  const { children } = inner;
  const list = (wanted: (child: ChildRun) => boolean): Promise<string[]> => {
    const find = () => [...children.values()].filter(wanted).map(({ run }) => run.runId);
    return inner.options.workflows ? later(inner, born, find) : Promise.resolve([]);
  };
  return {
    startChild: async (parent, wanted) => {
      const runId = childId(inner, parent.runId, wanted.waitId);
      const child = await later(inner, born, () => newChild(inner, runId, parent, wanted));
      if (child) inner.wake(born, child.run);
      return { runId };
    },
    childOutcome: (_, runId) =>
      later(inner, born, () => {
        const { status, error, reply } = fold(storedRun(inner, runId).journal);
        if (status !== 'succeeded' && status !== 'failed' && status !== 'cancelled') throw new Error(`${runId} has not ended`);
        return { runId, status, output: status === 'succeeded' ? load(reply?.value ?? null) : null, error: error ?? null };
      }),
    openChildren: ({ runId }) => list((child) => child.run.parent?.runId === runId && child.run.parent.waitId !== null && !hasEnded(child)),
    parentTold: ({ runId }) =>
      later(inner, born, () => {
        const child = children.get(runId);
        if (child) child.isTold = true;
      }),
    untoldChildren: () => list((child) => hasEnded(child) && !child.isTold),
  } satisfies Partial<EnginePorts>;
}

/** The signal that a callback arrives for a step. */
export const callbackOf = (runId: string, waitId: string, value: unknown): Signal => ({
  id: signalId(runId, waitId),
  runId,
  kind: 'callback',
  waitId,
  value,
  actor: OWNER,
});
