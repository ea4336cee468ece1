/*
 * How JSON enters and leaves CEL (S25). Objects become Maps that convert a member on its first read, so an expression pays only for what
 * it touches, and no key (`constructor`, `__proto__`) ever reaches an object's prototype.
 * The data must not change: arrays are converted once, and a value that leaves unchanged is the same object.
 */

const rawLists = new WeakMap<readonly unknown[], readonly unknown[]>();

/** A JSON object as CEL sees it. */
export class DataMap extends Map<string, unknown> {
  readonly raw: Readonly<Record<string, unknown>>;
  #known: string[] | undefined;

  constructor(raw: Readonly<Record<string, unknown>>) {
    super();
    this.raw = raw;
  }

  override get(key: string): unknown {
    const known = super.get(key);
    if (known !== undefined) return known;
    if (typeof key !== 'string' || !Object.hasOwn(this.raw, key)) return undefined;
    const value = this.raw[key];
    if (value === undefined || value === null || typeof value !== 'object') return toCel(value);
    const converted = toCel(value);
    super.set(key, converted);
    return converted;
  }

  override has(key: string): boolean {
    return this.get(key) !== undefined;
  }

  override get size(): number {
    return this.#names().length;
  }

  override keys(): MapIterator<string> {
    return this.#names().values() as MapIterator<string>;
  }

  override *values(): MapIterator<unknown> {
    for (const name of this.#names()) yield this.get(name);
  }

  override *entries(): MapIterator<[string, unknown]> {
    for (const name of this.#names()) yield [name, this.get(name)];
  }

  override [Symbol.iterator](): MapIterator<[string, unknown]> {
    return this.entries();
  }

  override forEach(visit: (value: unknown, key: string, map: Map<string, unknown>) => void): void {
    for (const [name, value] of this) visit(value, name, this);
  }

  #names(): string[] {
    this.#known ??= Object.keys(this.raw).filter((name) => this.raw[name] !== undefined);
    return this.#known;
  }
}
// The library recognizes maps by `value.constructor === Map`.
Object.defineProperty(DataMap.prototype, 'constructor', { value: Map });

/** JSON as CEL sees it. `undefined` is kept: the library reads it as missing. */
export function toCel(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return typeof value === 'function' || typeof value === 'symbol' ? undefined : value;
  if (Array.isArray(value)) return listToCel(value);
  if (value instanceof Date) return value.toISOString();
  return new DataMap(value as Record<string, unknown>);
}

function listToCel(list: readonly unknown[]): readonly unknown[] {
  if (list.every((item) => item === null || (typeof item !== 'object' && item !== undefined && typeof item !== 'function'))) {
    rawLists.set(list, list);
    return list;
  }
  const converted = list.map((item) => toCel(item) ?? null);
  rawLists.set(converted, list);
  return converted;
}

/** The JSON that a converted list came from. Undefined for lists that an expression created. */
export const rawListOf = (list: readonly unknown[]): readonly unknown[] | undefined => rawLists.get(list);
