import { closest } from '../../expression/closest.ts';
import type { Reference } from '../../expression/references.ts';
import { SCOPE_NAMES } from '../../expression/scope.ts';
import { inputSchema, outputSchema, ROUND_SCHEMA, RUN_SCHEMA, readableBefore, schemaOfValue, TRIGGER_SCHEMA } from '../scope-schema.ts';
import { type CheckedGraph, didYouMean } from './checked-graph.ts';
import { type Finding, memberFinding } from './member-rule.ts';
import { optionalInputFinding, type Place, skippedFinding } from './missing-rules.ts';

/** What is wrong with a reference at a place; undefined when nothing is. */
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
        because: `there is a ‘${reference.root}’ within a for-each alone`,
        suggestion: 'Name the input or a step before instead.',
      };
    default:
      return unknownName(reference, place);
  }
}

function unknownName({ root }: Reference, { graph, node }: Place): Finding {
  const because = `there is nothing called ‘${root}’`;
  const isStep = graph.byKey.has(root);
  const near = closest(root, SCOPE_NAMES);
  const suggestion = isStep
    ? `To read that step, write steps.${root}.`
    : near
      ? `Did you mean ‘${near}’?`
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
    return { code: 'not-before', because: 'a step cannot read its own output', suggestion: `The output of the round before is previous.${key}.`, member: 0 };
  if (!before.has(step.id)) {
    const inLoop = readableBefore(graph, node.id).some((other) => other.id === step.id);
    const suggestion = inLoop ? `Read the round before: previous.?${key}.` : `Wire ‘${key}’ so that it leads to this step.`;
    return { code: 'not-before', because: `the step ‘${key}’ does not come before it`, suggestion, member: 0 };
  }
  return memberFinding(reference, 1, outputSchema(step), `the output of ‘${key}’`) ?? skippedFinding(reference, step, place);
}

const reachable = (graph: CheckedGraph, ids: ReadonlySet<string>): string[] => {
  const before = [...graph.byKey].filter(([, node]) => ids.has(node.id)).map(([key]) => key);
  const rest = [...graph.byKey.keys()].filter((key) => !before.includes(key));
  return [...before, ...rest];
};

const unknownStep = (key: string, names: readonly string[]): Finding => ({
  code: 'unknown-step',
  because: `there is no step ‘${key}’`,
  suggestion: didYouMean(key, names) ?? 'Name a step by its key; the list of completions has them all.',
  member: 0,
});

function previousFinding(reference: Reference, { graph, node, beside }: Place): Finding | undefined {
  const key = reference.path[0];
  if (key === undefined) return undefined;
  const step = graph.byKey.get(key);
  if (!step) return unknownStep(key, [...graph.byKey.keys()]);
  const readable = readableBefore(graph, node.id);
  if (!readable.some((other) => other.id === step.id)) {
    const because = `no way back leads around both it and ‘${key}’, so there is no round before`;
    const suggestion = graph.before(node.id).has(step.id) ? `Read this round: steps.${key}.` : 'Draw a way back to a step before both, or take it out.';
    return { code: 'not-before', because, suggestion, member: 0 };
  }
  if (!beside.some((other) => asksForRound(other, key))) {
    const rest = reference.path.slice(1).map((name) => `.?${name}`);
    const suggestion = `Write previous.?${key}${rest.join('')}.orValue(…), which says what to take in the first round.`;
    return { code: 'not-before', severity: 'warning', because: 'in the first round there is none before it', suggestion, member: 0 };
  }
  return memberFinding(reference, 1, outputSchema(step), `the output of ‘${key}’`);
}

/** Whether a field with this reference knows that there may be no round before: it asks for the round, or whether the step was there. */
const asksForRound = ({ root, path, optionalFrom }: Reference, key: string): boolean =>
  root === 'round' || (root === 'previous' && path[0] === key && optionalFrom === 0);
