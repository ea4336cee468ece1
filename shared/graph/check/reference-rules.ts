import { closest } from '../../expression/closest.ts';
import type { Reference } from '../../expression/references.ts';
import { SCOPE_NAMES } from '../../expression/scope.ts';
import type { NodeSet } from '../node-set.ts';
import { inputSchema, outputSchema, ROUND_SCHEMA, runSchema, shareLoop, TRIGGER_SCHEMA, varsSchema } from '../scope-schema.ts';
import { type CheckedGraph, type CheckedNode, didYouMean } from './checked-graph.ts';
import { type Finding, memberFinding } from './member-rule.ts';
import { optionalInputFinding, type Place, skippedFinding } from './missing-rules.ts';

/** The problem with a reference at this place; undefined if there is none. */
export function findingOf(reference: Reference, place: Place): Finding | undefined {
  switch (reference.root) {
    case 'steps':
      return stepFinding(reference, place);
    case 'previous':
      return previousFinding(reference, place);
    case 'input':
      return memberFinding(reference, { from: 0, schema: inputSchema(place.graph), owner: 'the input' }, place.graph) ?? optionalInputFinding(reference, place);
    case 'vars':
      return memberFinding(reference, { from: 0, schema: varsSchema(place.graph.graph), owner: 'vars' }, place.graph);
    case 'trigger':
      return memberFinding(reference, { from: 0, schema: TRIGGER_SCHEMA, owner: 'trigger' }, place.graph);
    case 'run':
      return memberFinding(reference, { from: 0, schema: runSchema(place.graph, place.node.id, place.inside), owner: 'run' }, place.graph);
    case 'round':
      return memberFinding(reference, { from: 0, schema: ROUND_SCHEMA, owner: 'round' }, place.graph);
    case 'item':
    case 'index':
      if (place.inside || place.graph.containment.containerOf(place.node.id) !== undefined) return undefined;
      return {
        code: 'unknown-name',
        because: `“${reference.root}” is only available inside a for-each`,
        suggestion: 'Use the input or an earlier node instead.',
      };
    default:
      return unknownName(reference, place);
  }
}

function unknownName({ root }: Reference, { graph, node }: Place): Finding {
  const because = `“${root}” doesn’t exist`;
  const isStep = graph.byKey.has(root);
  const near = closest(root, SCOPE_NAMES);
  const suggestion = isStep
    ? `To read that node’s output, write steps.${root}.`
    : near
      ? `Did you mean “${near}”?`
      : `Write input.${root}, or "${root}" in quotes if it is text.`;
  return { code: 'unknown-name', because, suggestion: node.key === root ? undefined : suggestion };
}

function stepFinding(reference: Reference, place: Place): Finding | undefined {
  const { graph, node } = place;
  const key = reference.path[0];
  if (key === undefined) return undefined;
  const step = graph.byKey.get(key);
  const before = place.inside ? withItems(graph, node.id) : graph.before(node.id);
  if (!step) return unknownStep(key, nearestFirst(graph, before), graph);
  if (step.id === node.id)
    return { code: 'not-before', because: 'a node can’t read its own output', suggestion: `Use previous.${key} for the previous round.`, member: 0 };
  if (!before.has(step.id)) {
    const container = containerApart(graph, node.id, step.id);
    if (container) {
      const suggestion = `Use steps.${container.key}.items, which has the result of each item.`;
      return { code: 'not-before', because: `“${key}” is inside ${container.name}`, suggestion, member: 0 };
    }
    const inLoop = shareLoop(graph, node.id, step.id);
    const suggestion = inLoop ? `Use previous.?${key} for the previous round.` : `Connect “${key}” so that it leads here.`;
    return { code: 'not-before', because: `“${key}” doesn’t come before this node`, suggestion, member: 0 };
  }
  return memberFinding(reference, { from: 1, schema: outputSchema(step), owner: `the output of “${key}”` }, graph) ?? skippedFinding(reference, step, place);
}

/** What comes before a container, and the nodes in it: what the result of an item can use. */
const withItems = ({ before, setOf, nodes, containment }: CheckedGraph, container: string): NodeSet =>
  before(container)
    .copy()
    .addAll(setOf(nodes.filter(({ id }) => containment.containerOf(id) === container).map(({ id }) => id)));

/** The container that has one node inside and the other outside. */
function containerApart({ containment, byId }: CheckedGraph, outside: string, id: string): CheckedNode | undefined {
  const around = containment.around(id).findLast((container) => container !== outside && !containment.around(outside).includes(container));
  return around === undefined ? undefined : byId.get(around);
}

/** The keys of steps that come before a node, then the others. */
function* nearestFirst({ byKey }: CheckedGraph, before: NodeSet): Generator<string> {
  for (const [key, { id }] of byKey) if (before.has(id)) yield key;
  for (const [key, { id }] of byKey) if (!before.has(id)) yield key;
}

const unknownStep = (key: string, names: Iterable<string>, { comparisons }: CheckedGraph): Finding => ({
  code: 'unknown-step',
  because: `there is no node with key “${key}”`,
  suggestion: didYouMean(key, names, comparisons) ?? 'Use a node’s key. Autocomplete lists all of them.',
  member: 0,
});

function previousFinding(reference: Reference, { graph, node, asked }: Place): Finding | undefined {
  const key = reference.path[0];
  if (key === undefined) return undefined;
  const step = graph.byKey.get(key);
  if (!step) return unknownStep(key, graph.byKey.keys(), graph);
  if (!shareLoop(graph, node.id, step.id)) {
    const because = `no loop contains both this node and “${key}”, so there is no previous round`;
    const suggestion = graph.before(node.id).has(step.id)
      ? `For this round, use steps.${key}.`
      : 'Add a loop back to a node before both, or remove the reference.';
    return { code: 'not-before', because, suggestion, member: 0 };
  }
  // It may check the round, or whether the step ran.
  if (!asked.hasRoot('round') && !asked.has('previous', [key])) {
    const rest = reference.path.slice(1).map((name) => `.?${name}`);
    const suggestion = `Write previous.?${key}${rest.join('')}.orValue(…) to set a default.`;
    return { code: 'not-before', severity: 'warning', because: 'there is no previous round the first time', suggestion, member: 0 };
  }
  return memberFinding(reference, { from: 1, schema: outputSchema(step), owner: `the output of “${key}”` }, graph);
}
