/*
 * Parses JSON whose strings contain {{ expressions }}. Plain JSON is tried first. If that fails, quotes within {{ }} belong to the
 * expression and don't end a string (S26): `{"a": "{{ input.?x.orValue("y") }}"}`.
 */
import { readJson } from '../read-json.ts';
import { endOfExpression, splitTemplate } from './split-template.ts';
import { ExpressionSyntaxError } from './syntax-error.ts';

/** Parses such a text. Throws SyntaxError with a position in the text, or JsonLimitError. */
export function readJsonTree(text: string): unknown {
  try {
    return readJson(text);
  } catch (thrown) {
    const escaped = thrown instanceof SyntaxError ? escapeExpressions(text) : undefined;
    if (escaped === undefined || escaped === text) throw thrown;
    try {
      return readJson(escaped);
    } catch {
      throw thrown;
    }
  }
}

/** The start of JSON: an object with a quoted key, or a list. */
const JSON_START = /^\s*(?:\{\s*["}]|\[\s*(?:[[{"\]]|-?\d|(?:true|false|null)\b))/;
/** The start of an object as JavaScript and Python write it: `{'a':` or `{a:`. Text may start like this, so the end matters as well. */
const LOOSE_OBJECT_START = /^\s*\{\s*(?:'[^'\n]*'|[\p{L}_$][\p{L}\p{N}_$-]*)\s*:(?!\/\/)/u;

/** Whether a text was meant as an object or a list, not as text that starts with a bracket. */
export const looksLikeJson = (text: string): boolean => JSON_START.test(text) || (LOOSE_OBJECT_START.test(text) && text.trimEnd().endsWith('}'));

/** The text with every expression escaped for JSON. Undefined if an expression is never closed. */
function escapeExpressions(text: string): string | undefined {
  let result = '';
  let from = 0;
  for (let open = text.indexOf('"'); open !== -1; open = text.indexOf('"', from)) {
    const string = strictString(text, open) ?? looseString(text, open);
    if (!string) return undefined;
    result += text.slice(from, open) + string.json;
    from = string.end;
  }
  return result + text.slice(from);
}

interface JsonString {
  readonly json: string;
  readonly end: number;
}

const STRING = /"(?:[^"\\]|\\.)*"/y;
const FOLLOWER = /\s*(?:[,:}\]]|$)/y;

/** A string that is both valid JSON and a valid template. */
function strictString(text: string, open: number): JsonString | undefined {
  STRING.lastIndex = open;
  const [json = ''] = STRING.exec(text) ?? [];
  FOLLOWER.lastIndex = open + json.length;
  return json !== '' && FOLLOWER.test(text) && isTemplate(json) ? { json, end: open + json.length } : undefined;
}

function isTemplate(json: string): boolean {
  if (!json.includes('{{')) return true;
  try {
    splitTemplate(String(JSON.parse(json)));
    return true;
  } catch (thrown) {
    if (thrown instanceof SyntaxError || thrown instanceof ExpressionSyntaxError) return false;
    throw thrown;
  }
}

/** A string in which everything between {{ and }} is an unescaped expression. */
function looseString(text: string, open: number): JsonString | undefined {
  let json = '"';
  for (let at = open + 1; at < text.length; at++) {
    const character = text.charAt(at);
    if (character === '"') return { json: `${json}"`, end: at + 1 };
    if (character === '\\') json += character + text.charAt(++at);
    else if (text.startsWith('{{', at)) {
      const close = endOfExpression(text, at + 2);
      if (close === undefined) return undefined;
      json += JSON.stringify(text.slice(at, close + 2)).slice(1, -1);
      at = close + 1;
    } else json += character;
  }
  return undefined;
}
