import type { Visit } from './visit.ts';

/** JSON with the keys of every object sorted: equal values give equal texts. */
export function canonicalText(value: unknown, visit: Visit): string {
  if (typeof value === 'string') {
    visit.spend(2 + (value.length >> 3));
    return JSON.stringify(value);
  }
  visit.spend(2);
  if (typeof value !== 'object' || value === null) return String(value);
  if (Array.isArray(value)) return `[${value.map((item) => canonicalText(item, visit)).join(',')}]`;
  const names = visit.namesOf(value);
  visit.spend(4 + names.length * 4);
  let text = '{';
  for (const name of names.length > 1 ? names.toSorted() : names) {
    text += `${JSON.stringify(name)}:${canonicalText((value as Record<string, unknown>)[name], visit)},`;
  }
  return `${text}}`;
}

/** A set of JSON values, with equality as defined by JSON Schema. */
export class JsonSet {
  readonly #plain = new Set<unknown>();
  readonly #nested = new Set<string>();

  get size(): number {
    return this.#plain.size + this.#nested.size;
  }

  /** Whether the set contains an object or list. */
  get isNested(): boolean {
    return this.#nested.size > 0;
  }

  add(value: unknown, visit: Visit): void {
    if (typeof value === 'object' && value !== null) this.#nested.add(canonicalText(value, visit));
    else this.#plain.add(value);
  }

  has(value: unknown, visit: Visit): boolean {
    if (typeof value !== 'object' || value === null) return this.#plain.has(value);
    return this.isNested && this.#nested.has(canonicalText(value, visit));
  }
}
