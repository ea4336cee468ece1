/*
 * Explains why an evaluation failed.
 */
import type { CelNode } from './cel-tree.ts';
import { type CelError, explainCall, explainCondition, explainOperator, isCelError, sentence, type Words } from './explain.ts';
import { ExpressionFault } from './expression-fault.ts';
import { MeterError } from './metering/meter.ts';
import { SCOPE_NAMES } from './scope.ts';
import { NotJsonError } from './to-plain.ts';

/** What went wrong, in one sentence, with a suggestion if there is one. */
export function explainFailure(thrown: unknown, source: string): string {
  if (isCelError(thrown)) return join(explainCelError(thrown, source));
  if (thrown instanceof ExpressionFault) return `${thrown.message}.`;
  if (thrown instanceof MeterError || thrown instanceof NotJsonError) return `${sentence(thrown.message)}.`;
  if (thrown instanceof RangeError) return 'The expression produces too much data.';
  return 'The expression couldn’t be evaluated.';
}

/** The path in the input that an expression read and the input doesn’t have. */
export function missingInput(thrown: unknown, source: string): string | undefined {
  if (!isCelError(thrown) || thrown.code !== 'no_such_key') return undefined;
  const node = thrown.node as CelNode | undefined;
  if (!node || !Array.isArray(node.args)) return undefined;
  const [left, right] = node.args as [CelNode, CelNode | string];
  const [root, ...path] = source.slice(left.start, left.end).split('.');
  return root?.trim() === 'input' ? [...path, keyOf(right, thrown)].join('.') : undefined;
}

const join = ({ message, suggestion }: Words): string => (suggestion === undefined ? `${message}.` : `${message}. ${suggestion}`);

function explainCelError(error: CelError, source: string): Words {
  switch (error.code) {
    case 'no_such_key':
    case 'index_out_of_bounds':
      return missing(error, source);
    case 'unknown_variable':
      return unknownName(error);
    case 'no_such_overload':
      return explainOperator(error.summary);
    case 'no_matching_overload':
      return explainCall(error.summary);
    case 'invalid_condition_type':
    case 'invalid_logical_operand':
      return explainCondition(error.summary);
    case 'invalid_comprehension_range':
      return { message: 'exists, all, map, and filter need a list' };
    case 'optional_value_missing':
      return { message: 'The value is missing', suggestion: 'Set a default with .orValue(…).' };
    case 'optional_expected':
      return { message: '.orValue(…) is for values that may be missing', suggestion: 'Write .? before the field, for example input.?tier.orValue("free").' };
    case 'division_by_zero':
    case 'modulo_by_zero':
      return { message: 'Division by zero' };
    default:
      return { message: sentence(error.summary) };
  }
}

function unknownName(error: CelError): Words {
  const name = /: (\w+)$/.exec(error.summary)?.[1] ?? '';
  if (name === 'item' || name === 'index') return { message: `“${name}” is only available inside a for-each` };
  return { message: `“${name}” doesn’t exist`, suggestion: `Expressions can use ${SCOPE_NAMES.slice(0, 6).join(', ')}, and ${SCOPE_NAMES[6]}.` };
}

function missing(error: CelError, source: string): Words {
  const node = error.node as CelNode | undefined;
  if (!node || !Array.isArray(node.args)) return { message: sentence(error.summary) };
  const [left, right] = node.args as [CelNode, CelNode | string];
  const owner = source.slice(left.start, left.end);
  if (error.code === 'index_out_of_bounds') {
    const index = /index (-?[\d.]+)/.exec(error.summary)?.[1] ?? '';
    return { message: `\`${owner}\` has no item ${index}`, suggestion: `The first item is 0. If it may be missing, write ${owner}[?${index}].orValue(…).` };
  }
  const key = keyOf(right, error);
  const optional = /^[A-Za-z_]\w*$/.test(key) ? `${owner}.?${key}` : `${owner}[?${JSON.stringify(key)}]`;
  if (owner === 'steps' || owner === 'previous') {
    const when = owner === 'steps' ? 'it was skipped or hasn’t run yet' : 'there is no previous round, or it didn’t run in that round';
    return { message: `“${key}” has no output: ${when}`, suggestion: `If that’s expected, write ${optional}.orValue(…).` };
  }
  return { message: `“${key}” is missing from \`${owner}\``, suggestion: `If that’s expected, write ${optional}.orValue(…).` };
}

function keyOf(right: CelNode | string, error: CelError): string {
  if (typeof right === 'string') return right;
  if (right.op === 'value' && typeof right.args === 'string') return right.args;
  return /^No such key: (.*)$/s.exec(error.summary)?.[1] ?? '';
}
