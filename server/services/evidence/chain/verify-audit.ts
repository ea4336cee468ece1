import { createHash } from 'node:crypto';
import { changeSchema } from '@switchyard/shared/contracts/changes.ts';
import { type EvidenceProblem, evidenceProblemSchema, evidenceSignature, type Verification } from '@switchyard/shared/contracts/insight/evidence.ts';
import { z } from 'zod';
import { AUDIT_FORMAT, type AuditStatement, entryHash } from './audit-chain.ts';
import { checkSigned, type Trust, verdictOf } from './verify-run.ts';

/* Verifies an exported audit trail (S89): one JSON object in each line, the last one with the signature. */

const lineSchema = changeSchema.extend({ number: z.number().int().nullable(), revision: z.number(), hash: z.string().nullable() }).strict();
const endSchema = z.strictObject({
  format: z.literal(AUDIT_FORMAT),
  entries: z.number().int(),
  number: z.number().int(),
  head: z.string().nullable(),
  lines: z.string(),
  ...evidenceSignature,
  problems: z.array(evidenceProblemSchema),
});

/** Verifies the text of an export. Never throws. */
export function verifyAudit(text: string, trust: Trust): Verification {
  const problems: EvidenceProblem[] = [];
  const lines = text.split('\n').filter((line) => line !== '');
  const end = endSchema.safeParse(parsed(lines.at(-1) ?? ''));
  if (!end.success) {
    problems.push({ code: 'cut', where: 'last line', message: 'The last line with the signature is missing.' });
    return verdictOf(problems);
  }
  const { signature, keys, problems: known, ...statement } = end.data;
  problems.push(...known, ...chainProblems(lines.slice(0, -1), statement));
  checkSigned(statement, { signature, keys }, trust, (code, where, message) => problems.push({ code, where, message }));
  return verdictOf(problems);
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

function chainProblems(lines: readonly string[], { entries, number, head, lines: expected }: AuditStatement): EvidenceProblem[] {
  const problems: EvidenceProblem[] = [];
  let previous: string | null = null;
  let next = 1;
  let older = 0;
  for (const [index, text] of lines.entries()) {
    const line = lineSchema.safeParse(parsed(text));
    if (!line.success) return [...problems, { code: 'unreadable', where: `line ${index + 1}`, message: 'This line is not an entry.' }];
    const { applied: _, hash, ...entry } = line.data;
    if (entry.number === null) {
      older++;
      continue;
    }
    if (entry.number !== next) return [...problems, { code: 'missing', where: `entry ${next}`, message: `Entries from ${next} on are missing.` }];
    previous = entryHash(previous, { ...entry, before: entry.before ?? null, after: entry.after ?? null });
    if (previous !== hash) return [...problems, { code: 'changed', where: `entry ${next}`, message: 'This entry or one before it was changed.' }];
    next++;
  }
  if (older > 0) problems.push({ code: 'older', where: `${older} entries`, message: 'These entries were written by a version without a chain.' });
  if (lines.length !== entries || next - 1 !== number || previous !== head)
    problems.push({ code: 'cut', where: 'entries', message: `The trail doesn’t end where the chain does, at entry ${number}.` });
  const all = createHash('sha256');
  for (const line of lines) all.update(`${line}\n`);
  if (all.digest('hex') !== expected) problems.push({ code: 'changed', where: 'lines', message: 'A line differs from the export.' });
  return problems;
}
