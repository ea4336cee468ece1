import type { SharedStore } from '@switchyard/server/ownership/shared-store.ts';
import type { ProcessRecord } from '@switchyard/server/store/collections.ts';
import type { Collection, Expected, Page, Query, StoredRecord } from '@switchyard/server/store/port.ts';
import { AppError } from '@switchyard/shared/errors.ts';
import { type Inner, later } from './inner.ts';

/* The records that several processes of the simulated world share: the run, its signals, and the processes. */

type Row = Record<string, unknown> & StoredRecord;

/** The parts of the run’s record that ownership reads. */
const runRow = ({ accepted, place, summary }: Inner): Row[] =>
  accepted
    ? [
        {
          id: 'run',
          workspaceId: 'w',
          workflowId: 'workflow',
          labels: {},
          createdAt: '',
          status: summary?.status ?? 'queued',
          wakeAt: summary?.wakeAt ?? null,
          ...place,
        },
      ]
    : [];

function rowsOf(inner: Inner, collection: string): Row[] {
  if (collection === 'runs') return runRow(inner);
  if (collection === 'signals') return inner.signals.map((signal) => ({ ...signal, workspaceId: 'w', moved: Number(signal.moved) }));
  return [...inner.cluster.values()].map((record) => ({ ...record }));
}

const matches = (row: Row, { where = {}, range }: Query): boolean => {
  const value = range && row[range.field];
  const inRange = !range || (typeof value === 'string' && value >= String(range.from ?? '') && (range.to === undefined || value <= String(range.to)));
  return inRange && Object.entries(where).every(([field, wanted]) => row[field] === wanted);
};

const isAsExpected = (row: Row, { equal = {} }: Expected): boolean => Object.entries(equal).every(([field, wanted]) => (row[field] ?? null) === wanted);

export function sharedStore(inner: Inner, born: number): SharedStore {
  const put = (collection: string, id: string, row: object): void => {
    if (collection === 'runs') Object.assign(inner.place, row);
    else inner.cluster.set(id, row as ProcessRecord);
  };
  const store = {
    get: <T extends StoredRecord>({ name }: Collection<T>, id: string) =>
      later(inner, born, () => rowsOf(inner, name).find((row) => row.id === id) as T | undefined),
    find: <T extends StoredRecord>({ name }: Collection<T>, query: Query = {}) =>
      later(inner, born, (): Page<T> => ({ items: rowsOf(inner, name).filter((row) => matches(row, query)) as unknown as T[], nextCursor: null })),
    insert: <T extends StoredRecord>({ name }: Collection<T>, record: T) =>
      later(inner, born, () => {
        if (rowsOf(inner, name).some(({ id }) => id === record.id)) throw new AppError('already-exists');
        put(name, record.id, record);
      }),
    update: <T extends StoredRecord>({ name }: Collection<T>, id: string, changes: Partial<T>, expected: Expected = {}) =>
      later(inner, born, () => {
        const row = rowsOf(inner, name).find((candidate) => candidate.id === id);
        const isFenced = !(name === 'runs' && inner.options.mutant === 'claim-ignores-epoch');
        if (!row || (isFenced && !isAsExpected(row, expected))) return undefined;
        put(name, id, name === 'runs' ? changes : { ...row, ...changes });
        return { ...row, ...changes } as unknown as T;
      }),
    delete: <T extends StoredRecord>(_: Collection<T>, id: string) => later(inner, born, () => inner.cluster.delete(id)),
  };
  return { in: () => store };
}
