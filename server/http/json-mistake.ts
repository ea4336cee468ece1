/** Finds where JSON is invalid, for a message. JSON.parse doesn't always report the position. */
export interface JsonMistake {
  readonly line: number;
  readonly column: number;
  readonly what: string;
}

/** A number or word. */
const LITERAL = /(?:-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?(?![\w.])|true(?!\w)|false(?!\w)|null(?!\w))/y;
const ESCAPE = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y;

/** What is expected next: a value, a value or the end of the list, a key, a key or the end of the object, a colon, a comma or the end. */
type Expected = 'value' | 'value-or-end' | 'key' | 'key-or-end' | 'colon' | 'comma';

const WORDS: Record<Expected, string> = {
  value: 'expected a value',
  'value-or-end': 'expected a value or ]',
  key: 'expected a name in double quotes',
  'key-or-end': 'expected a name in double quotes or }',
  colon: 'expected a colon',
  comma: 'expected a comma or the end',
};

/** Finds the first position in `text` that is not JSON, in one pass. Only for text that doesn't parse. */
export function jsonMistake(text: string): JsonMistake {
  const open: ('{' | '[')[] = [];
  let expected: Expected = 'value';
  for (let at = skipBlanks(text, 0); ; ) {
    const sign = text.charAt(at);
    const isSign = sign !== '' && '{}[],:'.includes(sign);
    const isText = sign === '"';
    const end = isSign ? at + 1 : isText ? textEnd(text, at) : literalEnd(text, at);
    if (end < 0 && isText && text.charCodeAt(-end) < 0x20) return { ...place(text, -end), what: 'a line break or tab in a string must be escaped' };
    const next: Expected | undefined = end > at ? follow(isSign ? sign : undefined, isText, expected, open) : undefined;
    if (next === undefined) return describe(text, at, expected);
    expected = next;
    at = skipBlanks(text, end);
    if (open.length === 0 && expected === 'comma') return describe(text, at, 'comma');
  }
}

/** The position after the closing quote of the string that starts at `at`. If it is broken, that position as a negative number. */
function textEnd(text: string, at: number): number {
  for (let next = at + 1; next < text.length; next++) {
    const code = text.charCodeAt(next);
    if (code === 0x22) return next + 1;
    if (code < 0x20) return -next;
    if (code !== 0x5c) continue;
    ESCAPE.lastIndex = next;
    if (!ESCAPE.test(text)) return -next;
    next = ESCAPE.lastIndex - 1;
  }
  return -text.length;
}

function literalEnd(text: string, at: number): number {
  LITERAL.lastIndex = at;
  return LITERAL.test(text) ? LITERAL.lastIndex : -1;
}

/** What is expected after this token. Undefined if the token isn't allowed here. */
function follow(sign: string | undefined, isText: boolean, expected: Expected, open: ('{' | '[')[]): Expected | undefined {
  const wantsValue = expected === 'value' || expected === 'value-or-end';
  if (sign === undefined) {
    if (expected === 'key' || expected === 'key-or-end') return isText ? 'colon' : undefined;
    return wantsValue ? 'comma' : undefined;
  }
  if (sign === '{' || sign === '[') {
    if (!wantsValue) return undefined;
    open.push(sign);
    return sign === '{' ? 'key-or-end' : 'value-or-end';
  }
  if (sign === ':') return expected === 'colon' ? 'value' : undefined;
  const inside = open.at(-1);
  if (sign === ',') return expected === 'comma' && inside ? (inside === '{' ? 'key' : 'value') : undefined;
  const closes =
    sign === '}'
      ? inside === '{' && (expected === 'comma' || expected === 'key-or-end')
      : inside === '[' && (expected === 'comma' || expected === 'value-or-end');
  if (!closes) return undefined;
  open.pop();
  return 'comma';
}

function skipBlanks(text: string, at: number): number {
  for (; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code !== 0x20 && code !== 0x09 && code !== 0x0a && code !== 0x0d) break;
  }
  return at;
}

function place(text: string, at: number): { line: number; column: number } {
  let line = 1;
  let start = 0;
  for (let next = text.indexOf('\n'); next >= 0 && next < at; next = text.indexOf('\n', next + 1)) {
    line++;
    start = next + 1;
  }
  return { line, column: at - start + 1 };
}

function describe(text: string, at: number, expected: Expected): JsonMistake {
  return { ...place(text, at), what: at >= text.length ? `incomplete, ${WORDS[expected]}` : WORDS[expected] };
}
