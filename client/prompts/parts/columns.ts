/** A column of the comparison: a version, or the edits of the working copy, on a route. */
export interface Column {
  readonly version: number | 'draft';
  readonly route: string;
}

export const MOST_COLUMNS = 4;

export const columnKey = ({ version, route }: Column): string => `${version}@${route}`;

/** Columns as they are in the URL: `4@careful,draft@fast`. */
export const columnsText = (columns: readonly Column[]): string => columns.map(columnKey).join(',');

/** Reads the columns of a URL. Ignores invalid and repeated ones, and those beyond the fourth. */
export function readColumns(text: string): readonly Column[] {
  const found = new Map<string, Column>();
  for (const [, written, route] of text.matchAll(/(?:^|,)(\d{1,9}|draft)@([^,]+)/g)) {
    if (written === undefined || route === undefined) continue;
    const column: Column = { version: written === 'draft' ? 'draft' : Number(written), route };
    found.set(columnKey(column), column);
  }
  return [...found.values()].slice(0, MOST_COLUMNS);
}

/** What the version of a column is called. */
export const versionWords = (version: Column['version']): string => (version === 'draft' ? 'Your edits' : `v${version}`);
