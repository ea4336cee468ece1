import type { JsonSchema } from '@switchyard/shared/json.ts';
import { essentialSentence, keywords, nameOf, type Reading, titleOf } from './reading.ts';
import { tellingWords } from './words.ts';
import { writeText } from './write-text.ts';

const asWords = (name: string): string =>
  name
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .replace(/[_.-]+/g, ' ')
    .toLowerCase()
    .trim();
const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** Values in a format that a text may contain. */
const FOUND: Readonly<Record<string, RegExp>> = {
  email: /[\w.+-]+@[\w-]+(?:\.[\w-]+)+/,
  uri: /https?:\/\/[^\s"'<>)]+/,
  date: /\b\d{4}-\d{2}-\d{2}\b/,
};

const FORMATS: Readonly<Record<string, (text: string) => string>> = {
  email: (text) => FOUND.email?.exec(text)?.[0] ?? 'user@example.com',
  uri: (text) => FOUND.uri?.exec(text)?.[0] ?? 'https://example.com/',
  date: (text) => FOUND.date?.exec(text)?.[0] ?? '2026-01-01',
  'date-time': (text) =>
    /\b\d{4}-\d{2}-\d{2}T[\d:.]+(?:Z|[+-]\d{2}:\d{2})/.exec(text)?.[0] ?? `${/\b\d{4}-\d{2}-\d{2}\b/.exec(text)?.[0] ?? '2026-01-01'}T00:00:00Z`,
  time: () => '00:00:00Z',
  uuid: (text) => /\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/i.exec(text)?.[0] ?? '00000000-0000-4000-8000-000000000000',
};

/** The text's value for this name, or for a longer name that contains it. */
export function fieldCalled(name: string, reading: Reading): string | undefined {
  const wanted = asWords(name);
  const exact = reading.fields.get(wanted);
  if (exact !== undefined) return exact;
  return [...reading.fields].find(([key]) => wanted.length > 2 && (key.endsWith(` ${wanted}`) || wanted.endsWith(` ${key}`)))?.[1];
}

/** The sentences that share a word with this text, in their order. */
export function closeSentences(about: string, reading: Reading): string[] {
  const wanted = new Set(tellingWords(about).map(({ stem }) => stem));
  return reading.sentences.filter((sentence) => tellingWords(sentence).some(({ stem }) => wanted.has(stem)));
}

/** The sentence that shares the most words with the field's name and description. */
function closestSentence(about: string, reading: Reading): string | undefined {
  const wanted = new Set(tellingWords(about).map(({ stem }) => stem));
  const shared = (sentence: string) => tellingWords(sentence).filter(({ stem }) => wanted.has(stem)).length;
  const [best] = [...reading.sentences].sort((one, two) => shared(two) - shared(one));
  return best !== undefined && shared(best) > 0 ? best : undefined;
}

/** “Ada will send …”: who does it. */
const DOES = /\b(\p{Lu}[\p{L}'’-]+)\s+(?:will|shall|has to|needs to|is going to|takes|sends|prepares)\b/u;
/** “by Friday”, “until 12 May”: when it is due. */
const DUE =
  /\b(?:by|until|before|no later than)\s+((?:the end of |end of |next )?(?:\d{4}-\d{2}-\d{2}|\d{1,2} \p{Lu}\p{L}+|\p{Lu}\p{L}+(?: \d{1,2})?|tomorrow|today|(?:this |next )?(?:week|month|year)))/u;
const NOT_A_NAME = /^(?:someone|somebody|anyone|everyone|nobody|it|this|that|they|he|she|we|you|the|who)$/i;

const ownerIn = (text: string): string | undefined => {
  const [, name] = DOES.exec(text) ?? [];
  return name !== undefined && !NOT_A_NAME.test(name) ? name : undefined;
};

const NAMED: readonly [RegExp, (reading: Reading) => string | undefined][] = [
  [/\b(reason|rationale|why|justification|evidence)\b/, (reading) => `Speaks of ${keywords(reading.material, 4).join(', ') || 'nothing in particular'}`],
  [/\b(owner|responsible|assigned to|who)\b/, (reading) => ownerIn(reading.material)],
  [/\b(due|deadline)\b/, (reading) => DUE.exec(reading.material)?.[1]],
  [/\b(slug)\b/, (reading) => titleOf(reading) ?? keywords(reading.material, 4).join('-')],
  [/\b(title|headline|subject|topic|seo title|meta title)\b/, (reading) => titleOf(reading) ?? capital(keywords(reading.material, 5).join(' '))],
  [/\b(language|locale|lang)\b/, () => 'en'],
  [/\b(keyword|tag|hashtag)\b/, (reading) => keywords(reading.material, 1)[0]],
  [/\b(reply|draft|answer|response|email body|article)\b/, writeText],
  [/\b(name|customer|author|sender|contact)\b/, nameOf],
  [/\b(e ?mail)\b/, (reading) => FORMATS.email?.(reading.material)],
  [/\b(id|number|code|reference|sku)\b/, (reading) => /#?\b(?=[A-Z0-9-]*\d)[A-Z0-9][A-Z0-9-]{2,}\b/.exec(reading.material)?.[0]],
];

const SHAPES: readonly ((text: string) => string)[] = [
  (text) => text,
  (text) => text.toLowerCase(),
  (text) => text.toUpperCase(),
  (text) =>
    text
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, '-')
      .replace(/^-|-$/g, ''),
  (text) =>
    text
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, '_')
      .replace(/^_|_$/g, ''),
  (text) => text.replace(/\D+/g, ''),
  (text) => text.replace(/[^A-Za-z]+/g, ''),
  (text) => `#${text.replace(/[^A-Za-z0-9]+/g, '')}`,
  () => 'en',
  () => 'EUR',
  () => '0',
];

/** The first candidate that matches the pattern. The pattern comes from the schema, which validates the output in the end. */
function fitted(candidates: readonly string[], pattern: string): string | undefined {
  let test: RegExp;
  try {
    test = new RegExp(pattern, 'u');
  } catch {
    return undefined;
  }
  return candidates.flatMap((text) => SHAPES.map((shape) => shape(text.slice(0, 200)))).find((text) => test.test(text));
}

function bounded(text: string, schema: JsonSchema): string {
  const least = typeof schema.minLength === 'number' ? schema.minLength : 0;
  const most = typeof schema.maxLength === 'number' ? schema.maxLength : 4_000;
  const cut = text.length > most ? text.slice(0, most).trimEnd() : text;
  return cut.length < least ? cut.padEnd(least, '.') : cut;
}

/** A value that the text has for this name or format, for a schema that allows null. Null if it has none. */
function stringOrNull(schema: JsonSchema, name: string, { reading, everything }: { readonly reading: Reading; readonly everything: string }): string | null {
  const words = asWords(name);
  const format = typeof schema.format === 'string' ? schema.format : /\be ?mail\b/.test(words) ? 'email' : '';
  const pattern = FOUND[format];
  if (pattern) return pattern.exec(everything)?.[0] ?? null;
  const named = NAMED.find(([one]) => one.test(words));
  const value = fieldCalled(name, reading) ?? (named ? named[1](reading) : undefined) ?? null;
  if (value === null || typeof schema.pattern !== 'string') return value && bounded(value, schema);
  return fitted([value], schema.pattern) ?? null;
}

const isNullable = ({ type }: JsonSchema): boolean => Array.isArray(type) && type.includes('null');

/** Derives a string from the request: by its format, by a field of that name, by the meaning of the name, or by the closest sentence. */
export function fillString(schema: JsonSchema, name: string, reading: Reading): string | null {
  const everything = `${reading.material}\n${[...reading.fields.values()].join('\n')}`;
  if (isNullable(schema)) return stringOrNull(schema, name, { reading, everything });
  const format = typeof schema.format === 'string' ? FORMATS[schema.format] : undefined;
  if (format) return format(everything);
  const words = asWords(name);
  const called = fieldCalled(name, reading);
  const named = NAMED.find(([pattern]) => pattern.test(words))?.[1](reading);
  const about = `${words} ${typeof schema.description === 'string' ? schema.description : ''}`;
  const value = called ?? named ?? closestSentence(about, reading) ?? essentialSentence(reading);
  if (typeof schema.pattern === 'string') return bounded(fitted([value, ...everything.split(/\s+/).slice(0, 200)], schema.pattern) ?? value, schema);
  return bounded(value || 'Nothing was said about this', schema);
}
