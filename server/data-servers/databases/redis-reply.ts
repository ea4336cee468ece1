import { plainNumber } from './plain-values.ts';

/*
 * A reply of Redis from its bytes (RESP 3, and RESP 2 of older servers). The client’s own parser reads integers as doubles, which changes
 * digits beyond 2^53 (S79).
 */

const MOST_DEPTH = 50;

/** The value of a reply: maps are objects, sets are lists, and errors inside lists are their text. */
export function readReply(bytes: Buffer): unknown {
  const reader = new Reader(bytes);
  // Messages of the server may come before the reply.
  while (reader.next() === '>') reader.read(0);
  return reader.read(0);
}

class Reader {
  readonly #bytes: Buffer;
  #at = 0;
  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  next(): string {
    return String.fromCharCode(this.#bytes[this.#at] ?? 0);
  }

  read(depth: number): unknown {
    const mark = this.next();
    this.#at++;
    const head = this.#line();
    switch (mark) {
      case ':':
      case '(':
        return plainNumber(head);
      case ',':
        return Number.isFinite(Number(head)) ? Number(head) : head;
      case '#':
        return head === 't';
      case '$':
      case '!':
        return this.#text(Number(head));
      case '=':
        return this.#text(Number(head))?.slice(4) ?? null;
      case '*':
      case '~':
      case '>':
        return this.#list(Number(head), depth);
      case '%':
        return this.#map(Number(head), depth);
      case '|':
        this.#map(Number(head), depth);
        return this.read(depth);
      default:
        return mark === '_' ? null : head;
    }
  }

  #line(): string {
    const end = this.#bytes.indexOf('\r\n', this.#at);
    const stop = end === -1 ? this.#bytes.length : end;
    const text = this.#bytes.toString('utf8', this.#at, stop);
    this.#at = stop + 2;
    return text;
  }

  #text(length: number): string | null {
    if (length < 0) return null;
    const text = this.#bytes.toString('utf8', this.#at, this.#at + length);
    this.#at += length + 2;
    return text;
  }

  #list(count: number, depth: number): unknown[] | null {
    if (count < 0 || depth > MOST_DEPTH) return null;
    const items: unknown[] = [];
    while (items.length < count && this.#at < this.#bytes.length) items.push(this.read(depth + 1));
    return items;
  }

  #map(count: number, depth: number): Record<string, unknown> {
    const items = this.#list(2 * count, depth) ?? [];
    const keys = items.filter((_, index) => index % 2 === 0);
    return Object.fromEntries(keys.map((key, index) => [typeof key === 'string' ? key : JSON.stringify(key), items[2 * index + 1] ?? null]));
  }
}
