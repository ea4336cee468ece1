import { AppError } from '@switchyard/shared/errors.ts';
import { MOST_ROWS } from '@switchyard/shared/tables/table.ts';
import { LRUCache } from 'lru-cache';
import type { WorkspaceStore } from '../../store/port.ts';
import { tableRows } from '../../store/state/table-collections.ts';
import { placeOf, type RowPlace } from './find-rows.ts';

/* The limit of rows in a table. Counting many rows takes long, so a count is good for some more rows, fewer the closer it is to the limit. */

const MOST_PLACES = 1_000;
/** Part of the room that may be used before counting again. Other processes may use as much. */
const PART = 0.05;

export interface Room {
  /** Takes the place of one more row, or of `rows`. Throws `too-large` if there is none. */
  demand(store: Pick<WorkspaceStore, 'count'>, place: RowPlace, rows?: number): Promise<void>;
}

export function createRoom(): Room {
  const left = new LRUCache<string, number>({ max: MOST_PLACES });
  return {
    demand: async (store, place, rows = 1) => {
      const key = placeOf(place);
      const known = left.get(key) ?? 0;
      if (known >= rows) {
        left.set(key, known - rows);
        return;
      }
      const room = MOST_ROWS - (await store.count(tableRows, { where: { place: key } }, MOST_ROWS));
      if (room < rows) throw isFull(place, room);
      left.set(key, Math.max(0, Math.floor(room * PART) - rows));
    },
  };
}

const isFull = ({ table, space }: RowPlace, room: number): AppError =>
  new AppError(
    'too-large',
    `The table “${table.name}” has room for ${room.toLocaleString('en-US')} more ${space} rows. The limit is ${MOST_ROWS.toLocaleString('en-US')}. Delete some first.`,
  );
