import type { Dice } from './dice.ts';
import { hostileText } from './texts.ts';

/* JSON, some of it invalid, that is hard to parse, walk, store, or check. */

type Kind = (dice: Dice, size: number) => string;

const times = (count: number, item: (index: number) => string): string =>
  Array.from({ length: Math.max(1, Math.floor(count)) }, (_, index) => item(index)).join(',');
const NAMES = ['__proto__', 'constructor', 'toString', '$ref', '$blob', 'length', 'a.b', '', '0', 's'];

const KINDS: Readonly<Record<string, Kind>> = {
  'nested objects': (_, size) => `${'{"a":'.repeat(size / 6)}1${'}'.repeat(size / 6)}`,
  'nested lists': (_, size) => `{"s":${'['.repeat(size / 2)}${']'.repeat(size / 2)}}`,
  'nested to the limit, many times': (_, size) => `{"xs":[${times(size / 200, () => '['.repeat(90) + ']'.repeat(90))}]}`,
  'an unfinished nest': (_, size) => '{"a":['.repeat(size / 6),
  'many keys': (_, size) => `{${times(size / 12, (index) => `"k${index}":${index}`)}}`,
  'one key many times': (dice, size) => `{${times(size / 16, () => `"${dice.pick(NAMES)}":1`)}}`,
  'numbers as keys': (_, size) => `{${times(size / 14, (index) => `"${4294967295 - index * 7919}":0`)}}`,
  'nested special names': (dice, size) => `${`{"${dice.pick(NAMES)}":`.repeat(Math.min(90, size / 10))}1${'}'.repeat(Math.min(90, Math.floor(size / 10)))}`,
  'many empty objects': (_, size) => `{"xs":[${times(size / 3, () => '{}')}]}`,
  'many empty strings': (_, size) => `{"xs":[${times(size / 3, () => '""')}]}`,
  'many small numbers': (_, size) => `{"xs":[${times(size / 2, () => '0')}]}`,
  'a big integer': (_, size) => `{"xs":[1],"s":${'9'.repeat(size)}}`,
  'many big integers': (_, size) => `{"xs":[${times(size / 20, (index) => `9007199254740${index + 1_000_000}`)}]}`,
  'large exponents': (_, size) => `{"xs":[${times(size / 8, (index) => `1e${index}`)}]}`,
  'many fractions': (_, size) => `{"xs":[0.${'1'.repeat(size / 2)},${times(size / 44, (index) => `0.${'123456789'.repeat(2)}${index}`)}]}`,
  'lone surrogates': (_, size) => `{"s":"${'\\ud800'.repeat(size / 6)}"}`,
  escapes: (_, size) => `{"s":"${'\\u0000\\n\\"'.repeat(size / 10)}"}`,
  'objects of the same shape': (_, size) => `{"xs":[${times(size / 40, (index) => `{"id":${index},"name":"n${index}","ok":true}`)}]}`,
  'equal objects': (_, size) => `{"xs":[${times(size / 26, () => `{"b":[1,{"c":null}],"a":2}`)}]}`,
  'long keys': (dice, size) => `{${times(10, () => `${JSON.stringify(hostileText(dice, size / 10))}:1`)}}`,
  blanks: (_, size) => `${' \n\t'.repeat(size / 3)}{"s":1}`,
  expressions: (_, size) => `{"xs":[${times(size / 20, (index) => `"{{ input.x${index} }}"`)}]}`,
  'a list instead': (_, size) => `[${times(size / 9, () => '[[[[]]]]')}]`,
  'a text': (dice, size) => JSON.stringify({ s: hostileText(dice, size), message: 'm' }),
  'a string and a list': (dice, size) =>
    JSON.stringify({ s: hostileText(dice, size / 2), xs: Array(Math.ceil(size / 8)).fill(hostileText(dice, 3)), message: 'm' }),
};
const KIND_NAMES = Object.keys(KINDS);

export interface Hostile {
  readonly what: string;
  readonly text: string;
}

/** A JSON body. Most are objects with `s` or `xs`. */
export function hostileJson(dice: Dice, size = dice.size()): Hostile {
  const what = dice.pick(KIND_NAMES);
  return { what: `${what} (${size})`, text: KINDS[what]?.(dice, size) ?? '' };
}

/** JSON that can be embedded in other JSON. */
export function wellFormed({ what, text }: Hostile): Hostile {
  try {
    JSON.parse(text);
    return { what, text };
  } catch {
    return { what, text: JSON.stringify(text) };
  }
}
