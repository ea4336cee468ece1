import { LRUCache } from 'lru-cache';
import { DateTime } from 'luxon';
import { ExpressionFault } from '../expression-fault.ts';
import { visit } from '../metering/meter.ts';
import { shorten } from './shorten.ts';

/** Computing with a time in a time zone takes this many times as long as visiting an element. */
const ZONE_VISITS = 100;

/** Names may differ in case, and Luxon keeps every zone it has ever seen. It gets only canonical names, of which there are about 500. */
const canonical = new LRUCache<string, string>({ max: 1_000 });

function zoneNamed(name: string): string {
  const known = canonical.get(name);
  if (known !== undefined) return known;
  const fault = new ExpressionFault(`“${shorten(name)}” is not a time zone. Use one like “Europe/Berlin” or “UTC”`);
  if (!/^[\w+:/-]{1,40}$/.test(name)) throw fault;
  try {
    const zone = new Intl.DateTimeFormat('en-US', { timeZone: name }).resolvedOptions().timeZone;
    canonical.set(name, zone);
    return zone;
  } catch {
    throw fault;
  }
}

/** A time zone for Luxon: UTC unless an expression names another one. The zone and locale of the machine never matter. */
export function zoneOf(name: string | undefined): { readonly zone: string; readonly locale: string } {
  if (name !== undefined) visit(ZONE_VISITS);
  return { zone: name === undefined ? 'utc' : zoneNamed(name), locale: 'en-US' };
}

/** A time of CEL in a time zone. */
export const inZone = (time: Date, zone?: string): DateTime => DateTime.fromMillis(time.getTime(), zoneOf(zone));
