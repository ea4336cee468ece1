interface Entry<V> {
  readonly value: V;
  readonly weight: number;
}

/**
 * A map that drops its least recently used entries once they are too many, or together too heavy. Outsiders choose many keys and values, so
 * limiting the number of entries would not bound the memory.
 */
export class LruCache<V> {
  readonly #entries = new Map<string, Entry<V>>();
  readonly #limits: { readonly entries: number; readonly weight: number };
  #weight = 0;

  /** `weight`: the maximum total weight of all entries, in any unit. A heavier entry is not cached. */
  constructor(limits: { readonly entries: number; readonly weight: number }) {
    this.#limits = limits;
  }

  get(key: string): V | undefined {
    const entry = this.#entries.get(key);
    if (!entry) return undefined;
    this.#entries.delete(key);
    this.#entries.set(key, entry);
    return entry.value;
  }

  set(key: string, value: V, weight: number): void {
    this.#drop(key);
    if (weight > this.#limits.weight) return;
    this.#entries.set(key, { value, weight });
    this.#weight += weight;
    for (const oldest of this.#entries.keys()) {
      if (this.#entries.size <= this.#limits.entries && this.#weight <= this.#limits.weight) return;
      this.#drop(oldest);
    }
  }

  /** The cached value of a text, or the result of `make`, which is then cached. It weighs as much as the text is long. Errors are not cached. */
  getOrMake(text: string, make: (text: string) => V): V {
    const known = this.get(text);
    if (known !== undefined) return known;
    const made = make(text);
    this.set(text, made, text.length);
    return made;
  }

  #drop(key: string): void {
    const entry = this.#entries.get(key);
    if (!entry) return;
    this.#entries.delete(key);
    this.#weight -= entry.weight;
  }
}
