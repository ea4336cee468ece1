/*
 * Why an evaluation failed, in words for a person.
 */
import type { CelNode } from './cel-tree.ts';
import { type CelError, explainCall, explainCondition, explainOperator, isCelError, sentence, type Words } from './explain.ts';
import { ExpressionFault } from './expression-fault.ts';
import { MeterError } from './meter.ts';
import { SCOPE_NAMES } from './scope.ts';
import { NotJsonError } from './to-plain.ts';

/** What went wrong, as one sentence without a full stop at its end where a hint follows. */
export function explainFailure(thrown: unknown, source: string): string {
  if (isCelError(thrown)) return join(explainCelError(thrown, source));
  if (thrown instanceof ExpressionFault) return `${thrown.message}.`;
  if (thrown instanceof MeterError || thrown instanceof NotJsonError) return `${sentence(thrown.message)}.`;
  if (thrown instanceof RangeError) return 'The expression makes too much of its data.';
  return 'The expression could not be evaluated.';
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
      return { message: 'exists, all, map and filter need a list' };
    case 'optional_value_missing':
      return { message: 'The value is missing', suggestion: 'Use .orValue(…) to say what to take instead.' };
    case 'optional_expected':
      return { message: '.orValue(…) is for values that may be missing', suggestion: 'Write the member before it with .?, as in input.?tier.orValue("free").' };
    case 'division_by_zero':
    case 'modulo_by_zero':
      return { message: 'Something is divided by zero' };
    default:
      return { message: sentence(error.summary) };
  }
}

function unknownName(error: CelError): Words {
  const name = /: (\w+)$/.exec(error.summary)?.[1] ?? '';
  if (name === 'item' || name === 'index') return { message: `There is no ‘${name}’ here; it exists within a for-each alone` };
  return { message: `There is no ‘${name}’`, suggestion: `An expression can use ${SCOPE_NAMES.slice(0, 7).join(', ')}.` };
}

function missing(error: CelError, source: string): Words {
  const node = error.node as CelNode | undefined;
  if (!node || !Array.isArray(node.args)) return { message: sentence(error.summary) };
  const [left, right] = node.args as [CelNode, CelNode | string];
  const owner = source.slice(left.start, left.end);
  if (error.code === 'index_out_of_bounds') {
    const index = /index (-?[\d.]+)/.exec(error.summary)?.[1] ?? '';
    return { message: `‘${owner}’ has no element ${index}`, suggestion: `Write ${owner}[?${index}].orValue(…) if it may be missing; the first element is 0.` };
  }
  const key = keyOf(right, error);
  const optional = /^[A-Za-z_]\w*$/.test(key) ? `${owner}.?${key}` : `${owner}[?${JSON.stringify(key)}]`;
  if (owner === 'steps' || owner === 'previous') {
    const when = owner === 'steps' ? 'it was skipped, or has not run yet' : 'there was no round before, or it did not run in it';
    return { message: `The step ‘${key}’ has no output here: ${when}`, suggestion: `Write ${optional}.orValue(…) if it may be missing.` };
  }
  return { message: `There is no ‘${key}’ in \`${owner}\``, suggestion: `Write ${optional}.orValue(…) if it may be missing.` };
}

function keyOf(right: CelNode | string, error: CelError): string {
  if (typeof right === 'string') return right;
  if (right.op === 'value' && typeof right.args === 'string') return right.args;
  return /^No such key: (.*)$/s.exec(error.summary)?.[1] ?? '';
}
