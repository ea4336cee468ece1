import { MARKS, type Mark, type RunComparison, type StepDifference } from '@switchyard/shared/contracts/evaluation/replays.ts';
import { costOfCall } from '@switchyard/shared/run/cost.ts';
import type { JournalEvent } from '@switchyard/shared/run/events.ts';
import type { RunStatus } from '@switchyard/shared/run/state.ts';
import { likenessOf, worst } from './likeness.ts';
import { type CallEnd, isCallEnd, type StandInFacts, standInFacts } from './stand-in-facts.ts';

/*
 * Compares two runs by what their journals say (S82a): output, path, branches, and cost. Pure. Steps are matched by ID, those of items too.
 */

/** A run to compare. Its large values are loaded. */
export interface ComparedRun {
  readonly id: string;
  readonly status: RunStatus;
  readonly output: unknown;
  readonly journal: readonly JournalEvent[];
}

const MOST_STEPS = 200;

/** How a step ended. */
interface StepEnd {
  readonly nodeKey: string;
  readonly status: 'succeeded' | 'failed' | 'skipped' | 'cancelled' | 'stopped';
  readonly output: unknown;
  readonly port: string | null;
  readonly error: string | null;
}

export function compareRuns(before: ComparedRun, after: ComparedRun): RunComparison {
  const [was, is] = [endsOf(before.journal), endsOf(after.journal)];
  const steps = differencesOf(was, is);
  const output = before.output === null && after.output === null ? 'same' : likenessOf(before.output, after.output);
  const path = pathDifference(was, is);
  const ends = [endOf(before), endOf(after)] as const;
  const isSameEnd = ends[0].status === ends[1].status && ends[0].error === ends[1].error;
  return {
    runs: [before.id, after.id],
    verdict: isSameEnd && path.same ? output : worst(['different', output]),
    output,
    path,
    before: ends[0],
    after: ends[1],
    nodes: nodesOf(was, is, steps, standInFacts(after.journal).stops),
    steps: steps.slice(0, MOST_STEPS),
    ...standInFacts(after.journal),
  };
}

/** How the steps of a run ended, by step ID, in the order of their ends. */
function endsOf(journal: readonly JournalEvent[]): Map<string, StepEnd> {
  const keys = new Map<string, string>();
  const ends = new Map<string, StepEnd>();
  const end = (stepId: string, more: Partial<StepEnd> & Pick<StepEnd, 'status'>): void => {
    ends.set(stepId, { nodeKey: keys.get(stepId) ?? '', output: null, port: null, error: null, ...more });
  };
  for (const event of journal) {
    if ('nodeKey' in event && 'stepId' in event) keys.set(event.stepId, event.nodeKey);
    switch (event.type) {
      case 'step-finished':
        end(event.stepId, { status: 'succeeded', output: event.output, port: event.port });
        break;
      case 'step-reused':
        end(event.stepId, { status: event.error ? 'failed' : 'succeeded', output: event.output, port: event.port, error: event.error?.code ?? null });
        break;
      case 'step-failed':
        end(event.stepId, { status: event.error.code === 'stopped' ? 'stopped' : 'failed', error: event.error.code });
        break;
      case 'step-skipped':
        end(event.stepId, { status: 'skipped' });
        break;
      case 'step-cancelled':
        if (event.reason !== 'superseded') end(event.stepId, { status: 'cancelled' });
        break;
      default:
    }
  }
  return ends;
}

function differencesOf(was: ReadonlyMap<string, StepEnd>, is: ReadonlyMap<string, StepEnd>): StepDifference[] {
  const found: StepDifference[] = [];
  for (const stepId of new Set([...was.keys(), ...is.keys()])) {
    const [before, after] = [was.get(stepId), is.get(stepId)];
    const what = whatDiffers(before, after);
    if (what.length === 0) continue;
    const nodeKey = before?.nodeKey ?? after?.nodeKey ?? '';
    found.push({
      stepId,
      nodeKey,
      what,
      before: before?.output ?? null,
      after: after?.output ?? null,
      portBefore: before?.port ?? null,
      portAfter: after?.port ?? null,
    });
  }
  return found;
}

function whatDiffers(before: StepEnd | undefined, after: StepEnd | undefined): StepDifference['what'] {
  if (!before || before.status === 'skipped')
    return after && after.status !== 'skipped' ? ['only-after', ...(after.status === 'stopped' ? (['stopped'] as const) : [])] : [];
  if (!after || after.status === 'skipped') return ['only-before'];
  if (after.status === 'stopped') return ['stopped'];
  if (before.status !== after.status) return ['status'];
  const likeness = likenessOf(before.output, after.output);
  return [
    ...(before.port !== after.port ? (['port'] as const) : []),
    ...(before.error !== after.error ? (['error'] as const) : []),
    ...(likeness === 'different' ? (['output'] as const) : likeness === 'words' ? (['words'] as const) : []),
  ];
}

const ran = ({ status }: StepEnd): boolean => status === 'succeeded' || status === 'failed' || status === 'stopped';

/** How each node differs: the most serious of its steps. That only one run reached a node is no difference of the node. */
function nodesOf(
  was: ReadonlyMap<string, StepEnd>,
  is: ReadonlyMap<string, StepEnd>,
  steps: readonly StepDifference[],
  stops: StandInFacts['stops'],
): RunComparison['nodes'] {
  const keysOf = (ends: ReadonlyMap<string, StepEnd>) => new Set([...ends.values()].flatMap((end) => (ran(end) ? [end.nodeKey] : [])));
  const [before, after] = [keysOf(was), keysOf(is)];
  const asks = new Set(stops.flatMap(({ stepId, why }) => (why === 'would-ask' ? [stepId] : [])));
  const marks = new Map<string, Mark>();
  for (const { nodeKey, stepId, what } of steps) {
    const mark = markOf(what, asks.has(stepId));
    const known = marks.get(nodeKey);
    if (mark && (known === undefined || MARKS.indexOf(mark) > MARKS.indexOf(known))) marks.set(nodeKey, mark);
  }
  return [...new Set([...before, ...after])].map((nodeKey) => {
    return { nodeKey, before: before.has(nodeKey), after: after.has(nodeKey), mark: marks.get(nodeKey) ?? null };
  });
}

function markOf(what: StepDifference['what'], asks: boolean): Mark | undefined {
  if (what.includes('stopped')) return asks ? 'person' : 'effect';
  if (what.includes('status') || what.includes('error')) return 'failed';
  if (what.includes('output') || what.includes('port')) return 'different';
  return what.includes('words') ? 'words' : undefined;
}

/** The nodes that ran, each with the branches it took, in any round and item. */
function pathOf(ends: ReadonlyMap<string, StepEnd>): Set<string> {
  const taken = new Set<string>();
  for (const { nodeKey, status, port } of ends.values())
    if (status === 'succeeded' || status === 'failed') taken.add(port === null ? nodeKey : `${nodeKey} → ${port}`);
  return taken;
}

function pathDifference(was: ReadonlyMap<string, StepEnd>, is: ReadonlyMap<string, StepEnd>): RunComparison['path'] {
  const [before, after] = [pathOf(was), pathOf(is)];
  const onlyBefore = [...before].filter((place) => !after.has(place));
  const onlyAfter = [...after].filter((place) => !before.has(place));
  return { same: onlyBefore.length === 0 && onlyAfter.length === 0, onlyBefore, onlyAfter };
}

/** What the answers of a run cost, recorded ones included. */
function endOf({ status, output, journal }: ComparedRun): RunComparison['before'] {
  const finished = journal.findLast((event) => event.type === 'run-finished');
  let costMicros = 0;
  for (const event of journal) if (isCallEnd(event)) costMicros += costOf(event);
  return { status, error: finished?.error?.code ?? null, output, costMicros };
}

function costOf(event: CallEnd): number {
  if (event.record?.kind === 'model') return costOfCall(event.record).costMicros;
  return event.type === 'call-failed' ? (event.spent?.costMicros ?? 0) : 0;
}
