import { expectSign, type Reader, skipSpace, takeEscape, takeName, takeNumber, takeRegex, takeSign, takeText, unexpected } from './reader.ts';
import { type Js, Unsupported } from './tree.ts';

/*
 * Parses the part of JavaScript that expressions of n8n consist of: no statements, no assignments, nothing with an effect. Nothing is
 * evaluated. Throws Unsupported for everything else.
 */

const MOST_CHARACTERS = 10_000;
const MOST_LEVELS = 60;
/** Binary operators, from the loosest to the tightest. Longer signs come first. */
const LEVELS: readonly (readonly string[])[] = [['??', '||'], ['&&'], ['===', '!==', '==', '!='], ['<=', '>=', '<', '>'], ['+', '-'], ['*', '/', '%']];
/** Signs of which a shorter operator is only the start. */
const LONGER = ['=>', '++', '--', '+=', '-=', '**', '*=', '/=', '%=', '<<', '>>', '&&=', '||=', '??='];
const WORDS = new Map<string, Js>([true, false, null].map((value) => [String(value), { kind: 'literal', value } as const]));
const REFUSED = new Set([
  'function',
  'class',
  'await',
  'async',
  'yield',
  'delete',
  'void',
  'typeof',
  'in',
  'instanceof',
  'this',
  'let',
  'const',
  'var',
  'return',
]);

/** The expression that starts at `at`, and where it ends. */
export function parsePart(text: string, at: number): { readonly js: Js; readonly end: number } {
  const reader: Reader = { text: text.slice(at, at + MOST_CHARACTERS), at: 0 };
  const js = expression(reader, 0);
  skipSpace(reader);
  if (reader.at >= MOST_CHARACTERS) throw new Unsupported('an expression of more than 10,000 characters');
  return { js, end: at + reader.at };
}

/** A whole text as one expression. */
export function parse(text: string): Js {
  const { js, end } = parsePart(text, 0);
  if (end < text.length && text.slice(end).trim() !== ';') throw unexpected({ text, at: end });
  return js;
}

function expression(reader: Reader, depth: number): Js {
  if (depth > MOST_LEVELS) throw new Unsupported('an expression nested this deeply');
  const arrow = arrowFunction(reader, depth);
  if (arrow) return arrow;
  const test = binary(reader, 0, depth);
  if (!takeSign(reader, '?', ['??', '?.'])) return test;
  const then = expression(reader, depth + 1);
  expectSign(reader, ':');
  return { kind: 'ternary', test, then, other: expression(reader, depth + 1) };
}

function arrowFunction(reader: Reader, depth: number): Js | undefined {
  skipSpace(reader);
  const found = /^(?:([\p{L}_$][\p{L}\p{N}_$]*)|\(\s*([\p{L}\p{N}_$\s,]*)\s*\))\s*=>/u.exec(reader.text.slice(reader.at, reader.at + 200));
  if (!found) return undefined;
  reader.at += found[0].length;
  skipSpace(reader);
  if (reader.text.startsWith('{', reader.at)) throw new Unsupported('a function with statements');
  const names = (found[1] ?? found[2] ?? '').split(',').map((name) => name.trim());
  return { kind: 'arrow', names: names.filter((name) => name !== ''), body: expression(reader, depth + 1) };
}

function binary(reader: Reader, level: number, depth: number): Js {
  const operators = LEVELS[level];
  if (!operators) return unary(reader, depth);
  let left = binary(reader, level + 1, depth);
  for (;;) {
    const operator = operators.find((sign) => takeSign(reader, sign, LONGER));
    if (operator === undefined) return left;
    left = { kind: 'binary', operator, left, right: binary(reader, level + 1, depth + 1) };
  }
}

function unary(reader: Reader, depth: number): Js {
  if (depth > MOST_LEVELS) throw new Unsupported('an expression nested this deeply');
  for (const operator of ['!', '-', '+'] as const) {
    if (takeSign(reader, operator, ['++', '--'])) return { kind: 'unary', operator, operand: unary(reader, depth + 1) };
  }
  return postfix(reader, depth);
}

function postfix(reader: Reader, depth: number): Js {
  let object = primary(reader, depth);
  for (;;) {
    const isOptional = takeSign(reader, '?.');
    if (takeSign(reader, '(')) object = { kind: 'call', callee: object, args: list(reader, ')', depth) };
    else if (takeSign(reader, '[')) object = indexed(reader, object, depth);
    else if (isOptional || takeSign(reader, '.', ['..'])) {
      const name = takeName(reader);
      if (name === undefined) throw unexpected(reader);
      object = { kind: 'member', object, name };
    } else return object;
  }
}

function indexed(reader: Reader, object: Js, depth: number): Js {
  const index = expression(reader, depth + 1);
  expectSign(reader, ']');
  return index.kind === 'literal' && typeof index.value === 'string' ? { kind: 'member', object, name: index.value } : { kind: 'index', object, index };
}

function list(reader: Reader, end: string, depth: number): Js[] {
  const items: Js[] = [];
  while (!takeSign(reader, end)) {
    if (takeSign(reader, '...')) throw new Unsupported('“...”');
    items.push(expression(reader, depth + 1));
    if (takeSign(reader, end)) break;
    expectSign(reader, ',');
  }
  return items;
}

function primary(reader: Reader, depth: number): Js {
  skipSpace(reader);
  const text = takeText(reader);
  if (text !== undefined) return { kind: 'literal', value: text };
  const number = takeNumber(reader);
  if (number !== undefined) return { kind: 'literal', value: number };
  if (takeSign(reader, '`')) return { kind: 'template', parts: templateParts(reader, depth) };
  if (takeSign(reader, '[')) return { kind: 'array', items: list(reader, ']', depth) };
  if (takeSign(reader, '{')) return { kind: 'object', entries: entries(reader, depth) };
  if (takeSign(reader, '(')) {
    const inner = expression(reader, depth + 1);
    expectSign(reader, ')');
    return inner;
  }
  const regex = takeRegex(reader);
  if (regex) return { kind: 'regex', ...regex };
  return word(reader, depth);
}

function word(reader: Reader, depth: number): Js {
  const name = takeName(reader);
  if (name === undefined) throw unexpected(reader);
  if (name === 'undefined') return { kind: 'literal', value: null };
  if (REFUSED.has(name)) throw new Unsupported(`“${name}”`);
  if (name !== 'new') return WORDS.get(name) ?? { kind: 'name', name };
  const made = takeName(reader);
  if (made === undefined) throw unexpected(reader);
  return { kind: 'new', name: made, args: takeSign(reader, '(') ? list(reader, ')', depth) : [] };
}

function entries(reader: Reader, depth: number): { name: string; value: Js }[] {
  const found: { name: string; value: Js }[] = [];
  while (!takeSign(reader, '}')) {
    skipSpace(reader);
    const name = takeText(reader) ?? takeName(reader) ?? takeNumber(reader)?.toString();
    if (name === undefined) throw unexpected(reader);
    found.push({ name, value: takeSign(reader, ':') ? expression(reader, depth + 1) : { kind: 'name', name } });
    if (takeSign(reader, '}')) break;
    expectSign(reader, ',');
  }
  return found;
}

function templateParts(reader: Reader, depth: number): (string | Js)[] {
  const parts: (string | Js)[] = [];
  let text = '';
  for (;;) {
    const character = reader.text.charAt(reader.at);
    if (character === '') throw unexpected(reader);
    reader.at++;
    if (character === '`') return text === '' ? parts : [...parts, text];
    if (character === '\\') text += takeEscape(reader);
    else if (character === '$' && reader.text.charAt(reader.at) === '{') {
      reader.at++;
      if (text !== '') parts.push(text);
      text = '';
      parts.push(expression(reader, depth + 1));
      expectSign(reader, '}');
    } else text += character;
  }
}
