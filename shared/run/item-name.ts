import { isPlainObject } from '../json.ts';

/** The fields that tell an object from others, the best one first. */
const NAME_FIELDS = ['title', 'name', 'subject', 'headline', 'label', 'email', 'url', 'key', 'id'];
const LONGEST = 80;

/** A text that tells an item of a list from others. Undefined if it has none. */
export function nameOfItem(item: unknown): string | undefined {
  const text = isPlainObject(item) ? textIn(item) : textOf(item);
  if (text === undefined) return undefined;
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length > LONGEST ? `${line.slice(0, LONGEST - 1).toWellFormed()}…` : line || undefined;
}

const textOf = (value: unknown): string | undefined => (typeof value === 'string' || typeof value === 'number' ? String(value) : undefined);

function textIn(item: Readonly<Record<string, unknown>>): string | undefined {
  const named = NAME_FIELDS.map((field) => textOf(item[field])).find((text) => text !== undefined);
  return named ?? Object.values(item).find((value) => typeof value === 'string');
}
