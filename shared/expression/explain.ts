/*
 * The library's errors in words for a person.
 */
import { closest } from './closest.ts';
import { functionNames } from './environment.ts';
import { outerName } from './function-names.ts';

/** What the library's error classes have in common. */
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

/** What is wrong with an expression that cannot be read. `found` is the text at the error's range. */
export function explainSyntax(error: CelError, source: string, found: string): Words {
  if (source.trim() === '') return { message: 'The expression is empty', suggestion: 'Write one, for example input.message.' };
  switch (error.code) {
    case 'unexpected_token':
    case 'expected_token':
      return expected(error, found);
    case 'unexpected_character':
      return unexpected(found);
    case 'unterminated_string':
    case 'unterminated_triple_quoted_string':
    case 'newline_in_string':
      return { message: 'The text in quotes does not end', suggestion: 'Close it with the same quote.' };
    case 'reserved_identifier':
      return {
        message: `‘${found}’ is a word of the language and cannot be used as a name`,
        suggestion: `To read a member of that name, write input["${found}"].`,
      };
    case 'limit_exceeded':
      return { message: 'The expression is too long or too deeply nested', suggestion: 'Split it over several steps.' };
    case 'no_matching_overload':
      return explainCall(error.summary);
    case 'no_such_overload':
      return explainOperator(error.summary);
    case 'invalid_condition_type':
    case 'invalid_logical_operand':
      return explainCondition(error.summary);
    case 'cannot_index_type':
      return { message: `${sentence(typeWords(/type '(.+)'/.exec(error.summary)?.[1] ?? ''))} has no members`, suggestion: 'The length of a text is size(…).' };
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
  const quoted = word === undefined || word.length > 1 ? word : `‘${word}’`;
  if (found === '')
    return { message: quoted ? `The expression ends where ${quoted} was expected` : 'The expression ends too early; something is missing at its end' };
  return { message: quoted ? `${quoted} was expected before ‘${found}’` : `‘${found}’ does not belong here` };
}

const WORD_HINTS: Record<string, string> = {
  '=': 'Use == to compare.',
  '&': 'Use && for “and”.',
  '|': 'Use || for “or”.',
  and: 'Use && instead of and.',
  or: 'Use || instead of or.',
  is: 'Use == to compare.',
  not: 'Use ! in front of what is negated.',
  ';': 'An expression has no ; at its end.',
  '‘': 'Use straight quotes: "…".',
  '“': 'Use straight quotes: "…".',
  '”': 'Use straight quotes: "…".',
  '’': 'Use straight quotes: "…".',
  '`': 'Use straight quotes: "…".',
};

function unexpected(found: string): Words {
  const suggestion = WORD_HINTS[found];
  return { message: `‘${found}’ does not belong here`, ...(suggestion !== undefined && { suggestion }) };
}

function macroWords(summary: string): string {
  if (summary.startsWith('has()')) return 'has(…) takes a name with a dot in it, such as has(input.tier)';
  return summary.includes('iteration variable') ? 'The first argument must be a plain name for the element, as in list.exists(x, x > 1)' : sentence(summary);
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

/** A CEL type as a person says it. */
export function typeWords(type: string): string {
  const bare = type.replace(/^dyn<(.+)>$/, '$1').replace(/<.*$/, '');
  return TYPE_WORDS[bare] ?? 'some value';
}

/** “no such overload: string + double” */
export function explainOperator(summary: string): Words {
  const two = /^no such overload: (\S.*?) (==|!=|<=|>=|in|[-+*/%<>]) (.+)$/.exec(summary);
  if (!two) {
    const one = /^no such overload: ([-!])(.+)$/.exec(summary);
    return { message: one ? `‘${one[1]}’ does not work on ${typeWords(one[2] ?? '')}` : sentence(summary) };
  }
  const [, left = '', operator = '', right = ''] = two;
  const message = `‘${operator}’ does not work on ${typeWords(left)} and ${typeWords(right)}`;
  const kinds = [typeWords(left), typeWords(right)];
  if (kinds.includes('a value that may be missing')) return { message, suggestion: 'Say what to take when it is missing: .orValue(…).' };
  if (operator === '+' && kinds.includes('text')) return { message, suggestion: 'Make both texts with string(…).' };
  if (kinds.includes('text') && kinds.includes('a number')) return { message, suggestion: 'Make a number of the text with double(…).' };
  return { message };
}

/** “Ternary condition must be bool, got 'double'” */
export function explainCondition(summary: string): Words {
  const got = /got '(.+)'/.exec(summary)?.[1] ?? '';
  return { message: `A condition must be true or false, but this is ${typeWords(got)}`, suggestion: 'Compare it with something, for example == "yes".' };
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
    return { message: `There is no function ‘${name}’`, ...(near !== undefined && { suggestion: `Did you mean ‘${near}’?` }) };
  }
  const given = args === '' ? 'nothing' : splitTypes(args).map(typeWords).join(', ');
  const on = receiver === undefined || receiver === 'dyn' ? '' : ` on ${typeWords(receiver)}`;
  return { message: `‘${name}’ does not work${on} with ${given} in its brackets` };
}

const splitTypes = (types: string): string[] => types.replace(/<[^()]*?>(?=,|$)/g, '').split(/,\s*/);

export const sentence = (words: string): string => words.charAt(0).toUpperCase() + words.slice(1);
