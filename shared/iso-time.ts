let lastMs = Number.NaN;
let lastText = '';

/** A time in ms since 1970 as ISO 8601 in UTC. Remembers the last one: under load, many events fall in the same millisecond. */
export function isoTime(ms: number): string {
  if (ms !== lastMs) {
    lastText = new Date(ms).toISOString();
    lastMs = ms;
  }
  return lastText;
}
