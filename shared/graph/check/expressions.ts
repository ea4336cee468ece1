import { compileCel } from '../../expression/cel.ts';
import type { Reference } from '../../expression/references.ts';
import { scriptReferences } from '../../expression/script/script-references.ts';
import { splitTemplate, type TemplatePiece } from '../../expression/split-template.ts';
import { ExpressionSyntaxError } from '../../expression/syntax-error.ts';
import { compileTemplate } from '../../expression/template.ts';
import { isPlainObject } from '../../json.ts';
import { TooMuchWork } from '../../json-schema/meter.ts';
import type { ExpressionField, FieldPath } from '../node-kind.ts';
import type { Problem } from '../problem.ts';
import { AskedFor } from './asked-for.ts';
import { type CheckedGraph, type CheckedNode, problem, runs } from './checked-graph.ts';
import type { Finding } from './member-rule.ts';
import type { Place } from './missing-rules.ts';
import { findingOf } from './reference-rules.ts';

/** For mistakes without their own suggestion. */
const HOW_TO_WRITE = 'For example: input.message, steps.classify.label == "billing", or size(input.items) > 3.';

/** Limit on the expressions of a workflow: characters, plus a fixed cost for each expression. Checking up to the limit takes 200 ms. */
export const MOST_WEIGHT = 200_000;
const WEIGHT_OF_ONE = 40;

/** Checks that every expression is valid and that what it names exists when it is evaluated (S8). Stops at a limit. */
export function* checkExpressions(graph: CheckedGraph): Generator<Problem[]> {
  let left = MOST_WEIGHT;
  for (const node of graph.nodes.filter(runs)) {
    for (const field of node.kind?.expressions(node.params) ?? []) {
      left -= weightOf(field);
      if (left < 0) return yield [tooMany(node)];
      try {
        yield* checkField(graph, node, field);
      } catch (thrown) {
        if (!(thrown instanceof TooMuchWork)) throw thrown;
        return yield [tooMany(node)];
      }
    }
  }
}

export function weightOf({ kind, source }: ExpressionField): number {
  if (kind === 'cel') return source.length + WEIGHT_OF_ONE;
  if (kind === 'script') return scriptReferences(source).length * WEIGHT_OF_ONE;
  if (!source.includes('{{')) return 0;
  return expressionsIn(source).reduce((sum, { start, end }) => sum + end - start + WEIGHT_OF_ONE, WEIGHT_OF_ONE);
}

const tooMany = (node: CheckedNode): Problem => ({
  nodeId: node.id,
  severity: 'error',
  code: 'bad-expression',
  message: `The workflow has too many or too long expressions. They weren’t checked from ${node.name} on.`,
  suggestion: 'Split it into several workflows.',
});

/** Throws TooMuchWork if looking into all schemas takes too long. */
function* checkField(graph: CheckedGraph, node: CheckedNode, field: ExpressionField): Generator<Problem[]> {
  const compiled = compileField(node, field);
  if ('severity' in compiled) return yield [compiled];
  // A disabled node evaluates nothing, so its references don't matter until it is enabled.
  if (node.node.data.disabled === true) return;
  const place: Place = { graph, node, inside: field.inside === true, asked: new AskedFor(compiled), mayBeMissing: takesMissing(node.params, field.path) };
  for (const reference of compiled) {
    const finding = findingOf(reference, place);
    yield finding ? [report(node, field, reference, finding)] : [];
  }
}

/** The references of a field, or what is wrong with its expression. */
export function compileField(node: CheckedNode, field: ExpressionField): readonly Reference[] | Problem {
  if (field.kind === 'script') return scriptReferences(field.source);
  if (field.kind === 'cel' && field.source.trim() === '') return [];
  try {
    return (field.kind === 'cel' ? compileCel(field.source) : compileTemplate(field.source)).references;
  } catch (thrown) {
    if (!(thrown instanceof ExpressionSyntaxError)) throw thrown;
    const { message, suggestion, start, end } = thrown;
    return problem({
      nodeId: node.id,
      field: field.path.join('.'),
      severity: 'error',
      code: 'bad-expression',
      message: `${node.name} has an invalid expression${whichOf(field, start)}: ${message.charAt(0).toLowerCase()}${message.slice(1)}.`,
      suggestion: suggestion ?? HOW_TO_WRITE,
      range: { start, end },
    });
  }
}

const TAKES_MISSING: readonly unknown[] = ['exists', 'not-exists', 'empty', 'not-empty'];

/** Whether a rule's operator accepts a missing field. */
export function takesMissing(params: unknown, path: FieldPath): boolean {
  let owner: unknown = params;
  for (const name of path.slice(0, -1)) owner = isPlainObject(owner) || Array.isArray(owner) ? (owner as Record<string | number, unknown>)[name] : undefined;
  return path.at(-1) === 'field' && isPlainObject(owner) && TAKES_MISSING.includes(owner.operator);
}

const LONGEST_EXCERPT = 60;

const excerptOf = (text: string): string => (text.length > LONGEST_EXCERPT ? `${text.slice(0, LONGEST_EXCERPT)}…` : text);

/** Which of several {{ }} in a text is invalid. */
function whichOf({ kind, source }: ExpressionField, at: number): string {
  if (kind !== 'template') return '';
  const expressions = expressionsIn(source);
  const number = expressions.findIndex(({ start, end }) => at >= start - 2 && at <= end + 2);
  const found = expressions[number]?.source.trim();
  if (expressions.length < 2 || !found) return '';
  return `, {{ ${excerptOf(found)} }} (${number + 1} of ${expressions.length})`;
}

/** Empty if one of them is never closed; the error message already says so. */
function expressionsIn(source: string): TemplatePiece[] {
  try {
    return splitTemplate(source).filter((piece) => piece.kind === 'expression');
  } catch (thrown) {
    if (thrown instanceof ExpressionSyntaxError) return [];
    throw thrown;
  }
}

function report(node: CheckedNode, field: ExpressionField, reference: Reference, finding: Finding): Problem {
  // A reference may contain others, and each has its own problem.
  const written = excerptOf(field.source.slice(reference.start, reference.end));
  return problem({
    nodeId: node.id,
    field: field.path.join('.'),
    severity: finding.severity ?? 'error',
    code: finding.code,
    message: `${node.name} uses ${field.kind === 'template' ? `{{ ${written} }}` : `“${written}”`}, but ${finding.because}.`,
    suggestion: finding.suggestion,
    range: rangeOf(reference, finding.member),
  });
}

/** The position of the invalid member, or of the root. */
function rangeOf(reference: Reference, member: number | undefined): { start: number; end: number } {
  if (member === undefined) return { start: reference.start, end: reference.start + reference.root.length };
  return reference.members[member] ?? { start: reference.start, end: reference.end };
}
