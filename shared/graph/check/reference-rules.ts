import { closest } from '../../expression/closest.ts';
import type { Reference } from '../../expression/references.ts';
import { SCOPE_NAMES } from '../../expression/scope.ts';
import { inputSchema, outputSchema, ROUND_SCHEMA, RUN_SCHEMA, readableBefore, schemaOfValue, TRIGGER_SCHEMA } from '../scope-schema.ts';
import { type CheckedGraph, didYouMean } from './checked-graph.ts';
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
      return memberFinding(reference, 0, inputSchema(place.graph), 'the input') ?? optionalInputFinding(reference, place);
    case 'vars':
      return memberFinding(reference, 0, schemaOfValue(place.graph.graph.vars ?? {}), 'vars');
    case 'trigger':
      return memberFinding(reference, 0, TRIGGER_SCHEMA, 'trigger');
    case 'run':
      return memberFinding(reference, 0, RUN_SCHEMA, 'run');
    case 'round':
      return memberFinding(reference, 0, ROUND_SCHEMA, 'round');
    case 'item':
    case 'index':
      if (place.node.node.parentId !== undefined) return undefined;
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
  const before = graph.before(node.id);
  if (!step) return unknownStep(key, reachable(graph, before));
  if (step.id === node.id)
    return { code: 'not-before', because: 'a node can’t read its own output', suggestion: `Use previous.${key} for the previous round.`, member: 0 };
  if (!before.has(step.id)) {
    const inLoop = readableBefore(graph, node.id).some((other) => other.id === step.id);
    const suggestion = inLoop ? `Use previous.?${key} for the previous round.` : `Connect “${key}” so that it leads here.`;
    return { code: 'not-before', because: `“${key}” doesn’t come before this node`, suggestion, member: 0 };
  }
  return memberFinding(reference, 1, outputSchema(step), `the output of “${key}”`) ?? skippedFinding(reference, step, place);
}

const reachable = (graph: CheckedGraph, ids: ReadonlySet<string>): string[] => {
  const before = [...graph.byKey].filter(([, node]) => ids.has(node.id)).map(([key]) => key);
  const rest = [...graph.byKey.keys()].filter((key) => !before.includes(key));
  return [...before, ...rest];
};

const unknownStep = (key: string, names: readonly string[]): Finding => ({
  code: 'unknown-step',
  because: `there is no node with key “${key}”`,
  suggestion: didYouMean(key, names) ?? 'Use a node’s key. Autocomplete lists all of them.',
  member: 0,
});

function previousFinding(reference: Reference, { graph, node, beside }: Place): Finding | undefined {
  const key = reference.path[0];
  if (key === undefined) return undefined;
  const step = graph.byKey.get(key);
  if (!step) return unknownStep(key, [...graph.byKey.keys()]);
  const readable = readableBefore(graph, node.id);
  if (!readable.some((other) => other.id === step.id)) {
    const because = `no loop contains both this node and “${key}”, so there is no previous round`;
    const suggestion = graph.before(node.id).has(step.id)
      ? `For this round, use steps.${key}.`
      : 'Add a loop back to a node before both, or remove the reference.';
    return { code: 'not-before', because, suggestion, member: 0 };
  }
  if (!beside.some((other) => asksForRound(other, key))) {
    const rest = reference.path.slice(1).map((name) => `.?${name}`);
    const suggestion = `Write previous.?${key}${rest.join('')}.orValue(…) to set a default.`;
    return { code: 'not-before', severity: 'warning', because: 'there is no previous round the first time', suggestion, member: 0 };
  }
  return memberFinding(reference, 1, outputSchema(step), `the output of “${key}”`);
}

/** Whether a field with this reference handles a missing previous round: it checks the round, or whether the step ran. */
const asksForRound = ({ root, path, optionalFrom }: Reference, key: string): boolean =>
  root === 'round' || (root === 'previous' && path[0] === key && optionalFrom === 0);
