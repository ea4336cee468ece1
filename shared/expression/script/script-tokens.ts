/** A piece of JavaScript: what matters to find names in it. Comments and text are not code. */
export interface ScriptToken {
  /** `value`: a number, a regular expression, or part of a template. */
  readonly kind: 'name' | 'text' | 'value' | 'mark';
  readonly source: string;
  readonly start: number;
  readonly end: number;
}

const SPACE = /(?:\s+|\/\/[^\n]*|\/\*[\s\S]*?(?:\*\/|$))+/y;
const TEXT = /"(?:[^"\\\n]|\\[\s\S])*"?|'(?:[^'\\\n]|\\[\s\S])*'?/y;
const NAME = /[\p{L}_$][\p{L}\p{N}_$]*/uy;
const NUMBER = /\d[\w.]*/y;
const REGEX = /\/(?![*/])(?:[^/\\[\n]|\\.|\[(?:[^\]\\\n]|\\.)*\])+\/\w*/y;
/** From a backtick, or the brace that ends an expression of a template, to the next expression or the end. */
const TEMPLATE = /[`}](?:[^`\\$]|\\[\s\S]|\$(?!\{))*(?:`|\$\{)?/y;
const MARK = /\?\.(?!\d)|\.\.\.|[\s\S]/y;

/** Names after which a slash begins a regular expression instead of dividing. */
const BEFORE_VALUE = new Set(['return', 'typeof', 'case', 'in', 'of', 'delete', 'void', 'throw', 'new', 'do', 'else', 'await', 'yield', 'instanceof']);

function beginsValue(before: ScriptToken | undefined): boolean {
  if (!before) return true;
  if (before.kind === 'name') return BEFORE_VALUE.has(before.source);
  return before.kind === 'mark' && !/[)\]}]/.test(before.source);
}

/** The tokens of a script, also of one with mistakes. Types of TypeScript are tokens like any other. */
export function scriptTokens(source: string): ScriptToken[] {
  const tokens: ScriptToken[] = [];
  /** Open braces; `true` for those of an expression in a template. */
  const braces: boolean[] = [];
  let at = 0;
  const read = (pattern: RegExp): string | undefined => {
    pattern.lastIndex = at;
    return pattern.exec(source)?.[0];
  };
  /** A slash before here begins no regular expression: an earlier one of the line found no end. Without this, time would grow with the square. */
  let divideUntil = 0;
  const regex = (): string | undefined => {
    if (source[at] !== '/' || at < divideUntil || !beginsValue(tokens.at(-1))) return undefined;
    const found = read(REGEX);
    if (found === undefined) divideUntil = (source.indexOf('\n', at) + 1 || source.length + 1) - 1;
    return found;
  };
  const add = (kind: ScriptToken['kind'], text: string): void => {
    tokens.push({ kind, source: text, start: at, end: at + text.length });
    at += text.length;
  };
  const template = (): void => {
    add('value', read(TEMPLATE) ?? '`');
    if (tokens.at(-1)?.source.endsWith('${')) braces.push(true);
  };
  while (at < source.length) {
    at += read(SPACE)?.length ?? 0;
    const first = source[at];
    if (first === undefined) break;
    const text = read(TEXT);
    const name = read(NAME);
    const value = read(NUMBER) ?? regex();
    if (text) add('text', text);
    else if (name) add('name', name);
    else if (value) add('value', value);
    else if (first === '`') template();
    else if (first === '}' && braces.pop()) template();
    else {
      if (first === '{') braces.push(false);
      add('mark', read(MARK) ?? first);
    }
  }
  return tokens;
}
