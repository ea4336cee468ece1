/** Where JSON goes wrong, for a message: JSON.parse does not always tell the place. */
export interface JsonMistake {
  readonly line: number;
  readonly column: number;
  readonly what: string;
}

/** A sign, a text (whose control characters are looked for apart), or a number or word. */
const TOKEN =
  /[ \t\r\n]*(?:([{}[\],:])|("(?:[^"\\]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*")|(-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?(?![\w.])|true(?!\w)|false(?!\w)|null(?!\w)))/y;

/** What may come next: a value, a value or the end of the list, a key, a key or the end of the object, a colon, a comma or the end. */
type Expected = 'value' | 'value-or-end' | 'key' | 'key-or-end' | 'colon' | 'comma';

const WORDS: Record<Expected, string> = {
  value: 'a value was expected',
  'value-or-end': 'a value or ] was expected',
  key: 'a name in double quotes was expected',
  'key-or-end': 'a name in double quotes or } was expected',
  colon: 'a colon was expected',
  comma: 'a comma or the end was expected',
};

/** Finds the first place in `text` that is not JSON. Call it only with text that does not parse. */
export function jsonMistake(text: string): JsonMistake {
  const open: ('{' | '[')[] = [];
  let expected: Expected = 'value';
  let at = 0;
  for (;;) {
    TOKEN.lastIndex = at;
    const match = TOKEN.exec(text);
    const next: Expected | undefined = match ? follow(match[1], match[2] !== undefined, expected, open) : undefined;
    const quoted = match?.[2] ?? '';
    const broken = controlCharacter(quoted);
    if (broken >= 0) return { ...place(text, TOKEN.lastIndex - quoted.length + broken), what: 'a line break or tab in a text must be escaped' };
    if (!match || next === undefined) return describe(text, skipBlanks(text, at), expected);
    expected = next;
    at = TOKEN.lastIndex;
    if (open.length === 0 && expected === 'comma') return describe(text, skipBlanks(text, at), 'comma');
  }
}

/** What is expected after this token; undefined when the token must not stand here. */
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
  while (at < text.length && ' \t\r\n'.includes(text.charAt(at))) at++;
  return at;
}

function controlCharacter(text: string): number {
  for (let at = 0; at < text.length; at++) if (text.charCodeAt(at) < 0x20) return at;
  return -1;
}

function place(text: string, at: number): { line: number; column: number } {
  const before = text.slice(0, at);
  return { line: before.split('\n').length, column: at - before.lastIndexOf('\n') };
}

function describe(text: string, at: number, expected: Expected): JsonMistake {
  return { ...place(text, at), what: at >= text.length ? `it ends too early, ${WORDS[expected]}` : WORDS[expected] };
}
