/*
 * Rewords the library's errors for people.
 */
import { closest } from './closest.ts';
import { functionNames } from './environment.ts';
import { outerName } from './function-names.ts';

/** The fields that the library's error classes share. */
export interface CelError extends Error {
  readonly code: string;
  readonly summary: string;
  readonly range?: { readonly start: number; readonly end: number };
  readonly node?: unknown;
}

export const isCelError = (thrown: unknown): thrown is CelError => thrown instanceof Error && 'code' in thrown && 'summary' in thrown;

export interface Words {
  readonly message: string;
  readonly suggestion?: string;
}

/** What is wrong with an expression that doesn't parse. `found` is the text at the error's position. */
export function explainSyntax(error: CelError, source: string, found: string): Words {
  if (source.trim() === '') return { message: 'The expression is empty', suggestion: 'Enter one, for example input.message.' };
  switch (error.code) {
    case 'unexpected_token':
    case 'expected_token':
      return expected(error, found);
    case 'unexpected_character':
      return unexpected(found);
    case 'unterminated_string':
    case 'unterminated_triple_quoted_string':
    case 'newline_in_string':
      return { message: 'Missing closing quote', suggestion: 'Close the text with the same quote it starts with.' };
    case 'reserved_identifier':
      return {
        message: `“${found}” is a reserved word and can’t be used as a name`,
        suggestion: `To read a field with that name, write input["${found}"].`,
      };
    case 'limit_exceeded':
      return { message: 'The expression is too long or too deeply nested', suggestion: 'Split it into several steps.' };
    case 'no_matching_overload':
      return explainCall(error.summary);
    case 'no_such_overload':
      return explainOperator(error.summary);
    case 'invalid_condition_type':
    case 'invalid_logical_operand':
      return explainCondition(error.summary);
    case 'cannot_index_type':
      return {
        message: `${sentence(typeWords(/type '(.+)'/.exec(error.summary)?.[1] ?? ''))} has no fields`,
        suggestion: 'For the length of a text, write size(…).',
      };
    case 'incompatible_argument_type':
    case 'invalid_macro_argument':
      return { message: macroWords(error.summary) };
    default:
      return { message: sentence(error.summary) };
  }
}

const TOKEN_WORDS: Record<string, string> = {
  RPAREN: ')',
  LPAREN: '(',
  RBRACKET: ']',
  LBRACKET: '[',
  RBRACE: '}',
  COLON: ':',
  COMMA: ',',
  IDENTIFIER: 'a name',
};

function expected(error: CelError, found: string): Words {
  const wanted = /^Expected (\w+)/.exec(error.summary)?.[1];
  const word = wanted === undefined ? undefined : TOKEN_WORDS[wanted];
  const quoted = word === undefined || word.length > 1 ? word : `“${word}”`;
  if (found === '') return { message: quoted ? `Missing ${quoted} at the end` : 'The expression is incomplete' };
  return { message: quoted ? `Missing ${quoted} before “${found}”` : `Unexpected “${found}”` };
}

const WORD_HINTS: Record<string, string> = {
  '=': 'Use == to compare.',
  '&': 'Use && for “and”.',
  '|': 'Use || for “or”.',
  and: 'Use && instead of and.',
  or: 'Use || instead of or.',
  is: 'Use == to compare.',
  not: 'Write ! before what you negate.',
  ';': 'Remove the ; at the end.',
  '‘': 'Use straight quotes: "…".',
  '“': 'Use straight quotes: "…".',
  '”': 'Use straight quotes: "…".',
  '’': 'Use straight quotes: "…".',
  '`': 'Use straight quotes: "…".',
};

function unexpected(found: string): Words {
  const suggestion = WORD_HINTS[found];
  return { message: `Unexpected “${found}”`, ...(suggestion !== undefined && { suggestion }) };
}

function macroWords(summary: string): string {
  if (summary.startsWith('has()')) return 'has(…) takes a field path, for example has(input.tier)';
  return summary.includes('iteration variable') ? 'The first argument must be a name for the item, for example list.exists(x, x > 1)' : sentence(summary);
}

const TYPE_WORDS: Record<string, string> = {
  string: 'text',
  double: 'a number',
  int: 'a number',
  uint: 'a number',
  bool: 'true or false',
  null: 'null',
  list: 'a list',
  map: 'an object',
  bytes: 'bytes',
  type: 'a type',
  optional: 'a value that may be missing',
  'google.protobuf.Timestamp': 'a time',
  'google.protobuf.Duration': 'a duration',
};

/** The plain name of a CEL type. */
export function typeWords(type: string): string {
  const bare = type.replace(/^dyn<(.+)>$/, '$1').replace(/<.*$/, '');
  return TYPE_WORDS[bare] ?? 'a value';
}

/** Text next to a number may be a large integer (S79), which no number can hold. */
const BIG_INTEGERS = 'If it’s an integer beyond 2^53, keep it as text.';

/** “no such overload: string + double” */
export function explainOperator(summary: string): Words {
  const two = /^no such overload: (\S.*?) (==|!=|<=|>=|in|[-+*/%<>]) (.+)$/.exec(summary);
  if (!two) {
    const one = /^no such overload: ([-!])(.+)$/.exec(summary);
    return { message: one ? `“${one[1]}” doesn’t work with ${typeWords(one[2] ?? '')}` : sentence(summary) };
  }
  const [, left = '', operator = '', right = ''] = two;
  const message = `“${operator}” doesn’t work with ${typeWords(left)} and ${typeWords(right)}`;
  const kinds = [typeWords(left), typeWords(right)];
  if (kinds.includes('a value that may be missing')) return { message, suggestion: 'Set a default with .orValue(…).' };
  if (operator === '+' && kinds.includes('text'))
    return { message, suggestion: kinds.includes('a number') ? 'Convert the number with string(…).' : 'Convert both to text with string(…).' };
  if (kinds.includes('text') && kinds.includes('a number')) return { message, suggestion: `Convert the text with double(…). ${BIG_INTEGERS}` };
  return { message };
}

/** “Ternary condition must be bool, got 'double'” */
export function explainCondition(summary: string): Words {
  const got = /got '(.+)'/.exec(summary)?.[1] ?? '';
  return { message: `A condition must be true or false, but this one is ${typeWords(got)}`, suggestion: 'Compare it with something, for example == "yes".' };
}

/** “found no matching overload for 'string.foo(double)'” */
export function explainCall(summary: string): Words {
  const match = /for '(?:(.+)\.)?(\w+)\((.*)\)'$/s.exec(summary);
  if (!match) return { message: sentence(summary) };
  const [, receiver, inner = '', args = ''] = match;
  const name = outerName(inner);
  const names = functionNames();
  if (!names.includes(name)) {
    const near = closest(name, names);
    return { message: `“${name}” is not a function`, ...(near !== undefined && { suggestion: `Did you mean “${near}”?` }) };
  }
  const given = args === '' ? 'nothing' : splitTypes(args).map(typeWords).join(', ');
  const on = receiver === undefined || receiver === 'dyn' ? '' : ` on ${typeWords(receiver)}`;
  return { message: `“${name}” doesn’t work${on} with ${args === '' ? 'no arguments' : `the arguments ${given}`}` };
}

const splitTypes = (types: string): string[] => types.replace(/<[^()]*?>(?=,|$)/g, '').split(/,\s*/);

export const sentence = (words: string): string => words.charAt(0).toUpperCase() + words.slice(1);
