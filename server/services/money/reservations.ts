import type { BudgetPeriodRecord } from '../../store/money-collections.ts';
import { newId } from '../ids.ts';

/*
 * The reservations in the document of a budget (S63). A process has one entry for all its open calls, so a document stays small, and each
 * change of it fast, however many calls are made at once. An entry that others dropped is not continued: the next call begins a new one.
 */

type Entry = BudgetPeriodRecord['reservations'][number];

/** Longer than any call takes: a target's timeout is at most 10 minutes, and a call may be retried. */
export const LAPSE_MS = 3_600_000;
/** How long calls join an entry. Later ones begin a new one, so money of a call that never settles lapses. */
const JOIN_MS = 600_000;
/** Less is what adding and subtracting fractions leaves. */
const LEAST_MICROS = 0.001;

export const openIn = ({ reservations }: BudgetPeriodRecord, now: Date): Entry[] => {
  const at = now.toISOString();
  return reservations.filter(({ until }) => until > at);
};

export const heldIn = (record: BudgetPeriodRecord, now: Date): number => openIn(record, now).reduce((sum, { micros }) => sum + micros, 0);

export function createReservations(now: () => Date, processId: string | undefined) {
  const own = newId('rsv', now());
  let begun = 0;
  return {
    /** Adds money to the entry of this process. `id`: the entry, for `remove`. */
    add: (record: BudgetPeriodRecord, micros: number): { readonly id: string; readonly reservations: Entry[] } => {
      const at = now();
      const open = openIn(record, at);
      const latest = new Date(at.getTime() + LAPSE_MS).toISOString();
      const joined = open.find(({ id, until }) => id.startsWith(`${own}.`) && until >= latest);
      if (joined) return { id: joined.id, reservations: open.map((entry) => (entry === joined ? { ...entry, micros: entry.micros + micros } : entry)) };
      const until = new Date(at.getTime() + LAPSE_MS + JOIN_MS).toISOString();
      const entry = { id: `${own}.${begun++}`, micros, until, ...(processId !== undefined && { process: processId }) };
      return { id: entry.id, reservations: [...open, entry] };
    },
    remove: ({ reservations }: BudgetPeriodRecord, id: string, micros: number): Entry[] =>
      reservations.map((entry) => (entry.id === id ? { ...entry, micros: entry.micros - micros } : entry)).filter((entry) => entry.micros > LEAST_MICROS),
  };
}
