import { createHash } from 'node:crypto';
import type { EvidenceProblem } from '@switchyard/shared/contracts/insight/evidence.ts';
import type { Page } from '../../store/port.ts';
import { type ChangeRecord, changes } from '../../store/registry-collections.ts';
import type { ServiceContext } from '../context.ts';
import { AUDIT_FORMAT, type AuditStatement, entryHash } from '../evidence/chain/audit-chain.ts';
import { createRowSeals, type RowSeals } from '../evidence/row-seals.ts';
import { keyParts } from '../evidence/run-evidence.ts';
import { signed } from '../evidence/signing-keys.ts';
import { entryOf } from './chained-changes.ts';

const PAGE = 200;
const MOST_PROBLEMS = 100;

/** The audit trail with its chain, a JSON object in each line. First the entries of versions without a chain; the last line has the signature. */
export async function* exportChanges(context: ServiceContext): AsyncGenerator<string> {
  const { policies } = context;
  const seals = createRowSeals(policies.secrets);
  const lines = createHash('sha256');
  const problems: EvidenceProblem[] = [];
  let entries = 0;
  let previous: string | null = null;
  let number = 0;
  const lineOf = (record: ChangeRecord, hash: string | null): string => {
    const line = `${JSON.stringify({ ...entryOf(record), applied: record.applied, hash })}\n`;
    lines.update(line);
    entries++;
    return line;
  };
  for await (const record of inOrder(context, 'at')) if (record.number === undefined) yield lineOf(record, null);
  for await (const record of inOrder(context, 'number')) {
    const problem = problemOf(record, { seals, number, previous });
    if (problem && problems.length < MOST_PROBLEMS) problems.push(problem);
    number = record.number ?? number;
    previous = record.hash ?? null;
    yield lineOf(record, previous);
  }
  const statement: AuditStatement = { format: AUDIT_FORMAT, entries, number, head: previous, lines: lines.digest('hex') };
  const signature = problems.length > 0 ? { signature: null, keys: [] } : await signed(keyParts(context), statement);
  yield `${JSON.stringify({ ...statement, ...signature, problems })}\n`;
}

interface Before {
  readonly seals: RowSeals;
  readonly number: number;
  readonly previous: string | null;
}

/** What differs from the entry that was written. */
function problemOf(record: ChangeRecord, { seals, number, previous }: Before): EvidenceProblem | undefined {
  const where = `entry ${number + 1}`;
  if (record.number !== number + 1) return { code: 'missing', where, message: `Entries from ${number + 1} to ${(record.number ?? 0) - 1} are missing.` };
  const isIntact = record.hash === entryHash(previous, entryOf(record)) && record.seal === seals.sealChange(record);
  return isIntact ? undefined : { code: 'changed', where, message: 'This entry is not what was written.' };
}

async function* inOrder({ store }: ServiceContext, field: 'at' | 'number'): AsyncGenerator<ChangeRecord> {
  let cursor: string | null = null;
  do {
    const page: Page<ChangeRecord> = await store.find(changes, {
      ...(field === 'number' && { range: { field, from: 1 } }),
      order: { field },
      limit: PAGE,
      aside: true,
      ...(cursor !== null && { cursor }),
    });
    yield* page.items;
    cursor = page.nextCursor;
  } while (cursor !== null);
}
