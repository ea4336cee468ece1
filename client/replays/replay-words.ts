import { OUTCOMES, type Outcome, type Replay } from '@switchyard/shared/contracts/evaluation/replays.ts';
import { type Graph, OUT, outPort } from '@switchyard/shared/graph/graph.ts';
import { moneyLabel } from '@switchyard/shared/money-label.ts';
import type { NodeReplay, ReplayMarks } from '../open-workflow/replay-marks.ts';
import { formatCost, formatNumber } from '../ui/format.ts';

/** The outcomes of a replay that say how runs differ, from the least serious to the most. */
export const SHOWN_OUTCOMES: readonly Outcome[] = ['same', 'words', 'different', 'person', 'effect', 'over-cost', 'failed'];

/** Runs that differ: all but the same ones and those that can’t be replayed. */
export const differing = ({ counts }: Pick<Replay, 'counts'>): number =>
  OUTCOMES.reduce((sum, outcome) => (outcome === 'same' || outcome === 'not-replayable' ? sum : sum + counts[outcome]), 0);

/** The change of what runs cost, in whole percent. Undefined if it is unknown: they cost nothing before, or none got to its end. */
export function costChange({ cost: { before, after } }: Pick<Replay, 'cost'>): number | undefined {
  return before > 0 ? Math.round((100 * (after - before)) / before) : undefined;
}

/** `200 of 206 replayed, 6 had no payloads`. */
export function replayedWords({ counts }: Pick<Replay, 'counts'>): string {
  const left = counts['not-replayable'];
  const done = `${formatNumber(counts.done - left)} of ${formatNumber(counts.total)} replayed`;
  return left > 0 ? `${done}, ${formatNumber(left)} not replayable` : done;
}

export const callsWords = ({ calls: { recorded, asked } }: Pick<Replay, 'calls'>): string =>
  `${formatNumber(recorded)} recorded responses used, ${formatNumber(asked)} calls made again`;

export const spentWords = ({ cost: { spent, max } }: Pick<Replay, 'cost'>): string =>
  `${spent > 0 ? formatCost(spent) : 'Nothing'} spent, limit ${moneyLabel(max)}`;

/** What a replay says about each node and edge of its graph. */
export function marksOf({ nodes, paths }: Pick<Replay, 'nodes' | 'paths'>, graph: Graph): ReplayMarks {
  const byKey = new Map(nodes.map((node) => [node.nodeKey, node]));
  const gains = new Map(paths.map(({ path, runs }) => [path, runs]));
  const keys = new Map(graph.nodes.map(({ id, data }) => [id, data.key]));
  const shown = graph.nodes.flatMap(({ id, data }): [string, NodeReplay][] => {
    const node = byKey.get(data.key);
    return node ? [[id, node]] : [];
  });
  const edges = graph.edges.flatMap((edge): [string, number][] => {
    const [key, port] = [keys.get(edge.source) ?? '', outPort(edge)];
    const runs = gains.get(`${key} → ${port}`) ?? (port === OUT ? gains.get(key) : undefined);
    return runs ? [[edge.id, runs]] : [];
  });
  return { nodes: new Map(shown), edges: new Map(edges) };
}
