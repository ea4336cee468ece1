import { parse, parsePart } from './js/parse.ts';
import type { NodeScope } from './js/scope.ts';
import { convert } from './js/to-cel.ts';
import { type Js, Unsupported } from './js/tree.ts';
import { asBoolean, asCel, asText, type Cel, cel, loose, quoted } from './js/value.ts';

/*
 * Parameters of n8n as fields of ours. A text that starts with “=” contains expressions. Those that can’t be converted stay as they are
 * and are reported: the checks of the graph mark them, so they can’t run by accident.
 */

/** Longest CEL made from one expression. */
const MOST_TEXT = 5_000;
const MARK = /\uE000(\d+)\uE001/g;

export interface Texts {
  /** Text with {{ }}. */
  template(value: unknown): string;
  /** One CEL expression. */
  cel(value: unknown): string;
  /** One CEL expression for true or false. */
  test(value: unknown): string;
  /** JSON with templates, from JSON or from a text that contains JSON. */
  tree(value: unknown): unknown;
}

type Piece = string | { readonly source: string; readonly cel: Cel | undefined };

export function textsOf(scope: NodeScope, report: (what: string) => void): Texts {
  const attempt = (source: string, read: () => Js): Cel | undefined => {
    try {
      const made = asCel(convert(read(), { scope, names: new Map() }));
      if (made.text.length > MOST_TEXT) throw new Unsupported('a value of too many nodes');
      return made;
    } catch (thrown) {
      if (!(thrown instanceof Unsupported)) throw thrown;
      report(`The expression “${shorten(source)}” was kept as it is, because it uses ${thrown.message || 'something unknown'}. Rewrite it.`);
      return undefined;
    }
  };
  const piecesOf = (text: string): Piece[] => split(text, (source) => attempt(source, () => parse(source)));
  const whole = (value: unknown): Cel => {
    if (typeof value !== 'string')
      return cel(JSON.stringify(value ?? null), typeof value === 'number' ? 'number' : typeof value === 'boolean' ? 'boolean' : 'any');
    if (!value.startsWith('=')) return quoted(value);
    const pieces = piecesOf(value.slice(1));
    const [only] = pieces;
    if (pieces.length === 1 && only !== undefined && typeof only !== 'string') return only.cel ?? cel(only.source.trim());
    return loose(
      pieces.map((piece) => (typeof piece === 'string' ? JSON.stringify(piece) : piece.cel ? asText(piece.cel) : piece.source)).join(' + ') || '""',
      'text',
    );
  };
  return {
    template: (value) => templateOf(value, piecesOf),
    cel: (value) => whole(value).text,
    test: (value) => asBoolean(whole(value)).text,
    tree: (value) => treeOf(value, piecesOf),
  };
}

const shorten = (text: string): string => (text.trim().length > 80 ? `${text.trim().slice(0, 79)}…` : text.trim());

/** Parts of a text between {{ and }}. */
function split(text: string, make: (source: string) => Cel | undefined): Piece[] {
  const pieces: Piece[] = [];
  let at = 0;
  for (let open = text.indexOf('{{'); open !== -1; open = text.indexOf('{{', at)) {
    const close = closeOf(text, open + 2);
    if (close === -1) break;
    if (open > at) pieces.push(text.slice(at, open));
    const source = text.slice(open + 2, close);
    pieces.push({ source, cel: make(source) });
    at = close + 2;
  }
  if (at < text.length) pieces.push(text.slice(at));
  return pieces;
}

function closeOf(text: string, start: number): number {
  try {
    const { end } = parsePart(text, start);
    if (text.startsWith('}}', end)) return end;
  } catch (thrown) {
    if (!(thrown instanceof Unsupported)) throw thrown;
  }
  return text.indexOf('}}', start);
}

const braced = (text: string): string => `{{ ${text} }}`;
const bracedPiece = (piece: Exclude<Piece, string>): string => braced(piece.cel?.text ?? piece.source.trim());
/** Braces that mean nothing in n8n would start an expression here. */
const escaped = (text: string): string => text.replaceAll('{{', braced('"{{"'));

function templateOf(value: unknown, piecesOf: (text: string) => Piece[]): string {
  if (value === undefined || value === null) return '';
  if (typeof value !== 'string') return escaped(typeof value === 'object' ? JSON.stringify(value) : String(value));
  if (!value.startsWith('=')) return escaped(value);
  return piecesOf(value.slice(1))
    .map((piece) => (typeof piece === 'string' ? escaped(piece) : bracedPiece(piece)))
    .join('');
}

const withoutStringify = (text: string): string => /^toJson\(([^()]*)\)$/.exec(text)?.[1] ?? text;

function treeOf(value: unknown, piecesOf: (text: string) => Piece[]): unknown {
  if (Array.isArray(value)) return value.map((item) => treeOf(item, piecesOf));
  if (typeof value === 'object' && value !== null) return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, treeOf(inner, piecesOf)]));
  if (typeof value !== 'string') return value;
  const isExpression = value.startsWith('=');
  const pieces = isExpression ? piecesOf(value.slice(1).trim()) : [value];
  const [only] = pieces;
  if (pieces.length === 1 && only !== undefined && typeof only !== 'string') return braced(withoutStringify(only.cel?.text ?? only.source.trim()));
  return jsonOf(pieces) ?? templateOf(value, piecesOf);
}

/** A text of JSON with expressions in it. Undefined if it isn’t one. */
function jsonOf(pieces: readonly Piece[]): unknown {
  let isInText = false;
  const text = pieces.map((piece, index) => {
    if (typeof piece !== 'string') return isInText ? `\uE000${index}\uE001` : `"\uE000${index}\uE001"`;
    for (const sign of piece.match(/\\.|"/gs) ?? []) if (sign === '"') isInText = !isInText;
    return piece;
  });
  try {
    return filled(JSON.parse(text.join('')), pieces);
  } catch {
    return undefined;
  }
}

function filled(value: unknown, pieces: readonly Piece[]): unknown {
  if (Array.isArray(value)) return value.map((item) => filled(item, pieces));
  if (typeof value === 'object' && value !== null) return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, filled(inner, pieces)]));
  if (typeof value !== 'string') return value;
  const isWhole = value.replace(MARK, '') === '' && value !== '';
  return escaped(value).replace(MARK, (_, index: string) => {
    const piece = pieces[Number(index)];
    if (piece === undefined || typeof piece === 'string') return '';
    return isWhole ? braced(withoutStringify(piece.cel?.text ?? piece.source.trim())) : bracedPiece(piece);
  });
}

/** A tree of JSON with templates as one CEL expression. */
export function celOfTree(tree: unknown, texts: Texts): string {
  if (Array.isArray(tree)) return `[${tree.map((item) => celOfTree(item, texts)).join(', ')}]`;
  if (typeof tree === 'object' && tree !== null) {
    return `{${Object.entries(tree)
      .map(([name, inner]) => `${JSON.stringify(name)}: ${celOfTree(inner, texts)}`)
      .join(', ')}}`;
  }
  if (typeof tree !== 'string') return JSON.stringify(tree ?? null);
  const parts = tree.split(/\{\{ (.*?) \}\}/s);
  if (parts.length === 3 && parts[0] === '' && parts[2] === '') return parts[1] ?? 'null';
  const found = parts.map((part, index) => (index % 2 === 0 ? (part === '' ? '' : JSON.stringify(part)) : `string(${part})`));
  return found.filter((part) => part !== '').join(' + ') || '""';
}
