/*
 * What can be searched in a collection of millions of records. Owns: the text of a record and the values it is filtered by. How they are
 * indexed is up to each store. Imports nothing because a thread loads it.
 */

export interface SearchIndex {
  /** Top-level fields that are searched in full: text, or an object whose pairs are written `name:value`. */
  readonly words: readonly string[];
  /** A value whose beginning is searched too. A change of it comes with the fields in `words`. */
  readonly excerpt: { readonly path: readonly string[]; readonly length: number };
  /** Top-level fields that queries may filter by: a scalar, or an object filtered by one of its pairs (`name:value`). */
  readonly facets: readonly string[];
  /** The field that results are ordered by, newest first. It is an indexed text, and every record has it. */
  readonly order: string;
}

const isPlainObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);

const fieldOf = (value: unknown, field: string): unknown => (isPlainObject(value) && Object.hasOwn(value, field) ? value[field] : undefined);

/** The values of a record in a facet. */
export function facetValues(record: object, field: string): string[] {
  const value = fieldOf(record, field);
  if (value === undefined || value === null) return [];
  return isPlainObject(value) ? Object.entries(value).map(([name, text]) => `${name}:${text}`) : [String(value)];
}

/** The searchable text of a record, in lowercase. */
export function searchTextOf({ words, excerpt }: SearchIndex, record: object): string {
  return [...words.flatMap((field) => facetValues(record, field)), beginningOf(excerpt, record)].join(' ').toLowerCase();
}

function beginningOf({ path, length }: SearchIndex['excerpt'], record: object): string {
  const value = path.reduce<unknown>(fieldOf, record);
  // A value with files is stored next to a list of them.
  const bare = fieldOf(value, '$files') === undefined ? value : fieldOf(value, 'value');
  // A large value is stored separately, and its reference has the beginning.
  const shown = fieldOf(bare, '$blob') === undefined ? bare : fieldOf(bare, 'preview');
  if (fieldOf(value, '$removed') !== undefined) return '';
  const text = typeof shown === 'string' ? shown : (JSON.stringify(shown ?? null) ?? '');
  return text.slice(0, length).toWellFormed();
}
