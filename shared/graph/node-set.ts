/** The nodes of a graph in a fixed order, and the place of each. */
export interface NodePlaces {
  readonly ids: readonly string[];
  readonly of: ReadonlyMap<string, number>;
}

export const placesOf = (ids: readonly string[]): NodePlaces => ({ ids, of: new Map(ids.map((id, place) => [id, place])) });

/** A set of nodes of one graph, one bit each: a graph has many sets, and each may hold thousands. Other IDs are never in it. */
export class NodeSet {
  readonly #places: NodePlaces;
  readonly #words: Uint32Array;

  constructor(places: NodePlaces, words = new Uint32Array((places.ids.length >> 5) + 1)) {
    this.#places = places;
    this.#words = words;
  }

  copy(): NodeSet {
    return new NodeSet(this.#places, this.#words.slice());
  }

  has(id: string): boolean {
    const place = this.#places.of.get(id);
    return place !== undefined && this.#hasPlace(place);
  }

  add(id: string): this {
    const place = this.#places.of.get(id);
    if (place !== undefined) this.#words[place >> 5] = (this.#words[place >> 5] ?? 0) | (1 << (place & 31));
    return this;
  }

  /** Adds all nodes of another set. */
  addAll(other: NodeSet): this {
    for (let word = 0; word < this.#words.length; word++) this.#words[word] = (this.#words[word] ?? 0) | (other.#words[word] ?? 0);
    return this;
  }

  /** Removes all nodes that are not in another set. */
  keepOnly(other: NodeSet): this {
    for (let word = 0; word < this.#words.length; word++) this.#words[word] = (this.#words[word] ?? 0) & (other.#words[word] ?? 0);
    return this;
  }

  isEmpty(): boolean {
    return this.#words.every((word) => word === 0);
  }

  *[Symbol.iterator](): Generator<string> {
    for (const [place, id] of this.#places.ids.entries()) if (this.#hasPlace(place)) yield id;
  }

  #hasPlace(place: number): boolean {
    return ((this.#words[place >> 5] ?? 0) & (1 << (place & 31))) !== 0;
  }
}
