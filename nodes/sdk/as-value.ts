/*
 * A template field that is one single {{ }} keeps the value's type, so what reaches `run` may be any JSON.
 * These turn it into what the node needs.
 */

/** Text of any JSON value: text as it is, nothing as an empty text, objects and lists as JSON. */
export function asText(value: unknown): string {
  if (typeof value === 'string') return value;
  if (value === undefined || value === null) return '';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

/** A number of a number or of numeric text; undefined when it is neither. */
export function asNumber(value: unknown): number | undefined {
  if (typeof value === 'number') return Number.isFinite(value) ? value : undefined;
  if (typeof value !== 'string' || value.trim() === '') return undefined;
  const number = Number(value);
  return Number.isFinite(number) ? number : undefined;
}
