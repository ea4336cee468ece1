/*
 * A template field that is a single {{ }} keeps the type of its value, so `run` may receive any JSON there. These convert it to what the
 * node needs.
 */

/** Any JSON value as text: text unchanged, null as empty text, objects and lists as JSON. */
export function asText(value: unknown): string {
  if (typeof value === 'string') return value;
  if (value === undefined || value === null) return '';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

/** The number in a number or numeric text; undefined for anything else. */
export function asNumber(value: unknown): number | undefined {
  if (typeof value === 'number') return Number.isFinite(value) ? value : undefined;
  if (typeof value !== 'string' || value.trim() === '') return undefined;
  const number = Number(value);
  return Number.isFinite(number) ? number : undefined;
}
