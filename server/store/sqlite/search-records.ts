import type { StatementSync } from 'node:sqlite';
import { facetValues, type SearchIndex, searchTextOf } from '../search-index.ts';
import type { Found, SearchRequest } from './aside/aside-messages.ts';
import { parseStored, unpackJson } from './commit/packed-json.ts';
import { type Block, facetTerm, type SearchFile } from './search-file.ts';

/*
 * Finds records by text and facets, newest first. Owns: the choice between scanning records that fit the other filters and looking up
 * candidates in the index. Either way each record is checked before it is returned, and the order is exact. A scan is bounded: the page is
 * then short and says where to continue.
 */

/** If this few records fit the other filters, they are scanned. */
const FEW = 500;
/** The most records scanned for one page. */
const WALK = 5_000;

interface Row {
  readonly doc: string;
  readonly place: string;
  readonly id: string;
}

export interface SearchParts {
  readonly spec: SearchIndex;
  readonly index: Pick<SearchFile, 'lastRow' | 'indexedTo' | 'blocks' | 'candidates'>;
  readonly prepare: (sql: string) => StatementSync;
}

/** Performs a search. */
export function searchRecords(parts: SearchParts, request: SearchRequest): Found {
  const { spec, index, prepare } = parts;
  const { statements, text, facets, limit } = request;
  const fits = fitter(spec, request);
  const walk = (most: number): Found => {
    const found: Row[] = [];
    let seen = 0;
    for (const row of prepare(statements.walk.sql).iterate(...statements.walk.values, most)) {
      seen++;
      if (fits(unpackJson(row.doc)) && found.push(rowOf(row)) > limit) return pageOf(found, limit);
      if (seen === most) return { docs: found.map(({ doc }) => doc), next: { value: String(row.place), id: String(row.id) } };
    }
    return pageOf(found, limit);
  };
  // A facet with several values is left to the check.
  const needles = [
    ...facets.flatMap(([field, values]) => values.slice(0, values.length === 1 ? 1 : 0).map((value) => facetTerm(spec, field, value))),
    text ?? '',
  ];
  const indexedTo = index.indexedTo();
  if (index.lastRow() - indexedTo > WALK) return walk(WALK);
  const count = Number(prepare(statements.count.sql).get(...statements.count.values, FEW)?.found);
  if (count < FEW) return walk(FEW);
  const blocks = index.blocks();
  const candidates = index.candidates(needles, newestRow(blocks, request.newest));
  if (candidates === undefined) return walk(WALK);

  const candidate = prepare(statements.candidate.sql);
  const best: Row[] = [];
  /** Adds a row if it belongs on the page, which holds one record more than the limit. */
  const consider = (row: number): void => {
    const found = candidate.get(row, ...statements.candidate.values);
    if (found === undefined) return;
    const worst = best[limit];
    const one = rowOf(found);
    if ((worst && !isNewer(one, worst)) || !fits(one.doc)) return;
    best.splice(placeOf(best, one), 0, one);
    best.length = Math.min(best.length, limit + 1);
  };
  for (let row = index.lastRow(); row > indexedTo; row--) consider(row);
  const newestBefore = newestUpTo(blocks);
  let block = blocks.length - 1;
  let considered = 0;
  for (const row of candidates) {
    const before = block;
    while (block > 0 && row <= (blocks[block - 1]?.last ?? 0)) block--;
    const worst = best[limit];
    if (block !== before && worst && (newestBefore[block] ?? '') < worst.place) break;
    if (++considered > WALK) return walk(WALK);
    consider(row);
  }
  return pageOf(best, limit);
}

const rowOf = ({ doc, place, id }: Record<string, unknown>): Row => ({ doc: unpackJson(doc), place: String(place), id: String(id) });

function fitter(spec: SearchIndex, { text, facets }: SearchRequest): (doc: string) => boolean {
  return (doc) => {
    const record = parseStored<object>(doc);
    return (
      facets.every(([field, values]) => facetValues(record, field).some((value) => values.includes(value))) &&
      (!text || searchTextOf(spec, record).includes(text))
    );
  };
}

const isNewer = (one: Row, other: Row): boolean => (one.place === other.place ? one.id > other.id : one.place > other.place);

/** Where a row belongs, newest first. */
function placeOf(rows: readonly Row[], one: Row): number {
  const place = rows.findIndex((row) => isNewer(one, row));
  return place === -1 ? rows.length : place;
}

function pageOf(found: readonly Row[], limit: number): Found {
  const docs = found.slice(0, limit).map(({ doc }) => doc);
  const last = found[limit - 1];
  return found.length > limit && last ? { docs, next: { value: last.place, id: last.id } } : { docs };
}

/** The last row that can be this old. */
function newestRow(blocks: readonly Block[], newest: string | undefined): number {
  if (newest === undefined) return Number.MAX_SAFE_INTEGER;
  return blocks.findLast(({ oldest }) => oldest <= newest)?.last ?? 0;
}

/** For each block, the newest value up to and including it. */
function newestUpTo(blocks: readonly Block[]): string[] {
  let newest = '';
  return blocks.map((block) => {
    if (block.newest > newest) newest = block.newest;
    return newest;
  });
}
