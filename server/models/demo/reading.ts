import { type ChatMessage, textOf } from '@switchyard/shared/model/chat.ts';
import { withoutMarks } from '@switchyard/shared/model/data-marks.ts';
import { tellingWords } from './words.ts';

/** Every text output ends with this, so that it is never mistaken for a real model's. */
export const DEMO_MARK = '(demo answer)';

/** How the demo provider reads a request: its instructions and the case they are about. */
export interface Reading {
  /** System text and instructions in sentences: what kind of output is wanted. */
  readonly instructions: string;
  /** Instructions that may be followed literally: the system text, if any. The author of the message has no say in it. */
  readonly trusted: string;
  /** The content of the user's text, without instructions. */
  readonly material: string;
  readonly sentences: readonly string[];
  /** Lines such as `Order: 4711`, and keys of JSON in the text. Names are lowercase with single spaces. */
  readonly fields: ReadonlyMap<string, string>;
}

const ORDER =
  /^(?:please\s+)?(?:write|reply|respond|answer|draft|classify|summari[sz]e|list|use|keep|return|do not|don['’]t|make|include|be|give|choose|pick|extract|create|compose|generate|explain|translate|rewrite|revise|read|check|decide|say|mention|you are|your task|turn|output|score|rate|based on|tone|format|never|always|avoid|propose|produce)\b/i;
/** A sentence in the first person is part of the message, not an instruction: “Please check my invoice”. */
const SPEAKER = /\b(i|me|my|mine|we|us|our|ours)\b/i;
const isOrder = (sentence: string): boolean => ORDER.test(sentence) && !SPEAKER.test(sentence);
const FENCE = /(?:"""|```[a-z]*|<([a-z_-]+)>)\s*\n?([\s\S]+?)\n?\s*(?:"""|```|<\/\1>)/gi;
const FIELD = /^\s*[-*•]?\s*\**([A-Za-z][\w .-]{0,38}?)\**\s*:\s+(\S.*)$/;

/** Splits a text into sentences. Line ends separate them too. */
export const splitSentences = (text: string): string[] =>
  text
    .split(/\n+|(?<=[.!?…])\s+(?=["“‘'(\p{Lu}\p{N}])/u)
    .map((sentence) => sentence.replace(/^[\s\-*•>#]+/, '').trim())
    .filter((sentence) => /[\p{L}\p{N}]/u.test(sentence) && sentence !== DEMO_MARK);

const fieldName = (name: string): string =>
  name
    .toLowerCase()
    .replace(/[_.-]+/g, ' ')
    .trim();

function collectJson(value: unknown, name: string, fields: Map<string, string>): void {
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') {
    if (name) fields.set(fieldName(name), String(value));
  } else if (Array.isArray(value)) {
    if (value.every((item) => typeof item === 'string' || typeof item === 'number') && name) fields.set(fieldName(name), value.join(', '));
    else for (const item of value) collectJson(item, '', fields);
  } else if (value !== null && typeof value === 'object') {
    for (const [key, item] of Object.entries(value)) collectJson(item, key, fields);
  }
}

/** Moves JSON objects from the text into the fields. Invalid JSON stays. */
function readJson(text: string, fields: Map<string, string>): string {
  return text.replace(/(^|\n|\s)(\{[\s\S]*\}|\[[\s\S]*\])(?=\s|$)/, (whole, before: string, json: string) => {
    try {
      const found = new Map<string, string>();
      collectJson(JSON.parse(json), '', found);
      for (const [name, value] of found) fields.set(name, value);
      return `${before}${[...found].map(([name, value]) => `${name}: ${value}`).join('\n')}`;
    } catch {
      return whole;
    }
  });
}

/** Names of fields whose value a person wrote. */
const SPOKEN =
  /^(?:(?:customer|user|support|incoming|original|the|their|new)\s+)?(?:message|text|e ?mail|ticket|body|question|comment|complaint|request|content|description|notes?|product notes|feedback|input|case|review|details)$/;

/** An instruction followed by its case: “Reply to this complaint: …”. */
const ORDER_WITH_CASE = /^([^:]{3,160}):\s+(\S.*)$/;

function materialOf(lines: readonly string[], fields: Map<string, string>): { material: string[]; orders: string[] } {
  const material: string[] = [];
  const orders: string[] = [];
  for (const line of lines) {
    const [, name = '', value = ''] = FIELD.exec(line) ?? [];
    if (name && !ORDER.test(name) && name.split(' ').length <= 4) {
      fields.set(fieldName(name), value.trim());
      if (SPOKEN.test(fieldName(name)) || tellingWords(value).length > 5) material.push(...splitSentences(value));
      continue;
    }
    const [, order = '', said = ''] = ORDER_WITH_CASE.exec(line.trim()) ?? [];
    if (order && isOrder(order)) {
      orders.push(order);
      material.push(...splitSentences(said));
      continue;
    }
    if (/:\s*$/.test(line)) {
      orders.push(line);
      continue;
    }
    for (const sentence of splitSentences(line)) (isOrder(sentence) ? orders : material).push(sentence);
  }
  return { material, orders };
}

/**
 * Reads the request. The last user message contains the case. If it contains a quoted or fenced block, only that block is the case. With
 * `caseAlone`, all of it is the case, including what sounds like an instruction: “Return the 49 euros”.
 */
export function readRequest(messages: readonly ChatMessage[], { caseAlone = false } = {}): Reading {
  const system = messages
    .filter((message) => message.role === 'system')
    .map((message) => withoutMarks(textOf(message)))
    .join('\n');
  const user = withoutMarks(textOf(messages.filter((message) => message.role === 'user').at(-1) ?? { role: 'user', content: [] }));
  const fields = new Map<string, string>();
  const fenced = [...user.matchAll(FENCE)].map((match) => match[2]?.trim() ?? '').filter((text) => text !== '');
  const outside = fenced.length > 0 ? user.replace(FENCE, '\n') : user;
  const source = readJson(fenced.length > 0 ? fenced.join('\n') : user, fields);
  const read = materialOf(source.split('\n'), fields);
  if (fenced.length > 0) materialOf(readJson(outside, fields).split('\n'), fields);
  // A message that reads like an instruction throughout (“Write me an invoice!”) is still the case.
  const sentences = caseAlone ? splitSentences(source) : read.material.length > 0 ? read.material : read.orders.flatMap(splitSentences);
  const orders = fenced.length > 0 ? outside : read.orders.join('\n');
  return {
    instructions: `${system}\n${orders}`,
    trusted: system.trim() || orders,
    material: sentences.join('\n') || [...fields.values()].join('\n'),
    sentences,
    fields,
  };
}

/** The most informative sentence: one about its author, a question, or simply the one that says the most. */
export function essentialSentence(reading: Reading): string {
  const weight = (sentence: string): number =>
    Math.min(12, tellingWords(sentence).length) +
    (/\b(i|i['’]m|i['’]ve|my|we|our)\b/i.test(sentence) ? 3 : 0) +
    (sentence.includes('?') ? 3 : 0) +
    (/\b(not|n['’]t|never|error|fail|crash|wrong|twice|cannot|problem|refund|urgent|need)/i.test(sentence) ? 3 : 0) -
    (/^(hi|hello|dear|hey|thanks|thank you|regards|best)\b/i.test(sentence) ? 8 : 0);
  const [best] = [...reading.sentences].sort((one, two) => weight(two) - weight(one));
  return best ?? '';
}

/** Content words by frequency, the most frequent first, as written. */
export function keywords(text: string, count: number): string[] {
  const seen = new Map<string, { word: string; times: number }>();
  for (const { stem, word } of tellingWords(text)) {
    // “How do I” is a request, not a topic.
    if (word.length < 3 || stem === 'howto') continue;
    const entry = seen.get(stem);
    if (entry) entry.times += 1;
    else seen.set(stem, { word: word.toLowerCase(), times: 1 });
  }
  return [...seen.values()]
    .sort((one, two) => two.times - one.times)
    .slice(0, count)
    .map(({ word }) => word);
}

/** The author's name, if the text gives one. */
export function nameOf(reading: Reading): string | undefined {
  for (const field of ['first name', 'firstname', 'customer name', 'customername', 'name', 'customer', 'from', 'author', 'sender', 'contact']) {
    const value = reading.fields.get(field);
    const [, name] = /^(\p{Lu}[\p{L}'’-]+)/u.exec(value ?? '') ?? [];
    if (name) return name;
  }
  const [, said] = /(?:\b[Mm]y name is|\b[Tt]his is|\bI am|\bI['’]m)\s+(\p{Lu}[\p{Ll}'’-]+)/u.exec(reading.material) ?? [];
  const [, signed] =
    /(?:regards|thanks|thank you|cheers|best|sincerely|greetings)(?:[,!.]\s*|\s*[\n—–-]+\s*)(\p{Lu}[\p{Ll}'’-]+)\s*$/iu.exec(reading.material) ?? [];
  return said ?? signed;
}

/** The title, if a field of the text gives one. */
export const titleOf = (reading: Reading): string | undefined =>
  [...reading.fields].find(([name]) => /\b(title|headline|subject|product|product name)$/.test(name))?.[1];

/** The person's text, if a field gives all of it on one line. */
export function spokenOf(reading: Reading): string | undefined {
  const spoken = [...reading.fields].filter(([name]) => SPOKEN.test(name));
  return spoken.length === 1 ? spoken[0]?.[1] : undefined;
}
