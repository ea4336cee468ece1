import type { DatabaseRequest } from '@switchyard/nodes/sdk/database.ts';

/** The rows that fit the limits of a request. */
export function createCollector({ maxRows, maxBytes }: Pick<DatabaseRequest, 'maxRows' | 'maxBytes'>) {
  const rows: unknown[] = [];
  let bytes = 0;
  let truncated = false;
  return {
    rows,
    /** Whether rows were left out. */
    get truncated() {
      return truncated;
    },
    /** How many more rows to ask for: one more than fit, to know whether there are more. */
    get wanted() {
      return truncated ? 0 : maxRows + 1 - rows.length;
    },
    add(found: readonly unknown[]): void {
      for (const row of found) {
        bytes += Buffer.byteLength(JSON.stringify(row) ?? 'null');
        if (truncated || rows.length >= maxRows || bytes > maxBytes) {
          truncated = true;
          return;
        }
        rows.push(row);
      }
    },
  };
}
