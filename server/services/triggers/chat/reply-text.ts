import { isPlainObject } from '@switchyard/shared/json.ts';

/** The value of an Output node as a message: text as it is, an object with only one text as that text, and anything else as lines. */
export function replyText(value: unknown): string {
  if (isPlainObject(value)) {
    const [only, ...others] = Object.values(value);
    if (typeof only === 'string' && others.length === 0) return only;
  }
  return linesOf(value, 0).join('\n');
}

/** Deeper parts are written as JSON. */
const DEEPEST = 3;
const MOST_WORDS = 60;

/** `firstName: Ada`, or `- one` for an item of a list. What is in an object or a list is indented below its name. */
function linesOf(value: unknown, depth: number): string[] {
  if (value === null || value === undefined) return [''];
  if (typeof value === 'string') return value.split('\n');
  if (typeof value !== 'object') return [String(value)];
  if (depth === DEEPEST) return [JSON.stringify(value)];
  if (Array.isArray(value)) return value.length === 0 ? ['none'] : value.flatMap((item) => entry('-', item, depth));
  const entries = Object.entries(value);
  return entries.length === 0 ? ['none'] : entries.flatMap(([name, item]) => entry(`${name}:`, item, depth));
}

function entry(label: string, value: unknown, depth: number): string[] {
  const [first = '', ...rest] = linesOf(value, depth + 1);
  const isShort = rest.length === 0 && (typeof value !== 'object' || value === null || first.length < MOST_WORDS);
  if (isShort) return [first === '' ? label : `${label} ${first}`];
  const indented = [first, ...rest].map((line) => `  ${line}`);
  // The first line of an item follows its mark.
  return label === '-' ? [`- ${first}`, ...indented.slice(1)] : [label, ...indented];
}
