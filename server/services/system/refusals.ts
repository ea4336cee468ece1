import type { Refused } from '@switchyard/shared/contracts/system.ts';
import { ERRORS, type ErrorCode } from '@switchyard/shared/errors.ts';
import { isoTime } from '@switchyard/shared/iso-time.ts';

/** Errors that reject a request for its content or its timing. A missing object or an edit conflict is a normal response. */
const REFUSALS: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'overloaded',
  'not-ready',
  'rate-limited',
  'queue-full',
  'killed',
  'paused',
  'not-published',
  'bad-signature',
  'secret-unreadable',
  'unauthorized',
  'wrong-password',
  'forbidden',
  'bad-host',
  'bad-origin',
  'bad-request',
  'bad-json',
  'bad-input',
  'too-large',
  'unsupported-media-type',
  'request-timeout',
  'idempotency-mismatch',
  'redaction-refused',
  'budget-exceeded',
]);

const MINUTE_MS = 60_000;
const MINUTES = 60;

/** Counts rejected requests of the last hour by error code, minute by minute. `now` is in ms. */
export function createRefusals(now: () => number) {
  const minutes = new Map<number, Map<ErrorCode, { count: number; lastAt: number }>>();
  const forgetOld = (minute: number): void => {
    for (const known of minutes.keys()) if (known <= minute - MINUTES || known > minute) minutes.delete(known);
  };
  return {
    /** Counts an error if it rejected its request. */
    note: (code: ErrorCode): void => {
      if (!REFUSALS.has(code)) return;
      const at = now();
      const minute = Math.floor(at / MINUTE_MS);
      let counts = minutes.get(minute);
      if (!counts) {
        forgetOld(minute);
        counts = new Map();
        minutes.set(minute, counts);
      }
      counts.set(code, { count: (counts.get(code)?.count ?? 0) + 1, lastAt: at });
    },
    /** Most recent first. */
    list: (): Refused[] => {
      forgetOld(Math.floor(now() / MINUTE_MS));
      const counted = [...minutes.values()].flatMap((counts) =>
        [...counts].map(([code, { count, lastAt }]) => ({ code, title: ERRORS[code].title, count, lastAt: isoTime(lastAt) })),
      );
      return sumRefused(counted);
    },
  };
}

/** Adds up counts of the same code, most recent first. */
export function sumRefused(counted: readonly Refused[]): Refused[] {
  const byCode = Map.groupBy(counted, ({ code }) => code);
  const sums = [...byCode.values()].flatMap((same) => {
    const [latest] = same.sort(byTime);
    return latest ? [{ ...latest, count: same.reduce((sum, { count }) => sum + count, 0) }] : [];
  });
  return sums.sort(byTime);
}

const byTime = (a: Refused, b: Refused): number => b.lastAt.localeCompare(a.lastAt);
