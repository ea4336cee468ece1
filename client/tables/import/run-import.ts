import type { BodyOf, ReplyOf } from '@switchyard/shared/contracts/contract.ts';
import type { importTableRows } from '@switchyard/shared/contracts/state/tables.ts';
import type { ImportRow } from './plan-import.ts';

export interface ImportProgress {
  readonly done: number;
  readonly total: number;
  readonly added: number;
  readonly updated: number;
  readonly skipped: number;
  readonly failed: number;
  /** The first ones. */
  readonly errors: ReplyOf<typeof importTableRows>['errors'];
}

const AT_ONCE = 500;
/** Bytes of one request, well below the limit of the API. */
const MOST_BYTES = 2_000_000;
const SHOWN_ERRORS = 100;

type Send = (body: Pick<BodyOf<typeof importTableRows>, 'rows'>) => Promise<ReplyOf<typeof importTableRows>>;

/** Sends rows in parts, and reports progress after each. */
export async function runImport(rows: readonly ImportRow[], send: Send, report: (progress: ImportProgress) => void): Promise<ImportProgress> {
  let progress: ImportProgress = { done: 0, total: rows.length, added: 0, updated: 0, skipped: 0, failed: 0, errors: [] };
  report(progress);
  while (progress.done < rows.length) {
    const part = partFrom(rows, progress.done);
    const { added, updated, skipped, errors } = await send({ rows: part });
    progress = {
      ...progress,
      done: progress.done + part.length,
      added: progress.added + added,
      updated: progress.updated + updated,
      skipped: progress.skipped + skipped,
      failed: progress.failed + errors.length,
      errors: [...progress.errors, ...errors].slice(0, SHOWN_ERRORS),
    };
    report(progress);
  }
  return progress;
}

function partFrom(rows: readonly ImportRow[], from: number): ImportRow[] {
  const part: ImportRow[] = [];
  let bytes = 0;
  for (const row of rows.slice(from, from + AT_ONCE)) {
    bytes += JSON.stringify(row).length;
    if (part.length > 0 && bytes > MOST_BYTES) break;
    part.push(row);
  }
  return part;
}
