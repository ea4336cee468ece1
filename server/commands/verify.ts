import { readFileSync } from 'node:fs';
import type { Verification } from '@switchyard/shared/contracts/insight/evidence.ts';
import { AppError } from '@switchyard/shared/errors.ts';
import { isPlainObject } from '@switchyard/shared/json.ts';
import { AUDIT_FORMAT } from '../services/evidence/chain/audit-chain.ts';
import { verifyAudit } from '../services/evidence/chain/verify-audit.ts';
import { verifyRun } from '../services/evidence/chain/verify-run.ts';
import { say } from './output.ts';

const SENTENCES: Readonly<Record<Verification['verdict'], string>> = {
  valid: 'valid: nothing was changed, removed, or cut',
  incomplete: 'incomplete: nothing was changed, but parts are missing',
  invalid: 'invalid',
  'no-chain': 'no chain: written by a version without evidence, so changes can’t be found',
};

/**
 * Verifies a file offline: the evidence of a run (JSON), or an exported audit trail (JSON lines). `publicKey`: the key that must have signed it.
 * `dayHead`: the hash of the daily head that the run must be in. Returns whether it is valid or incomplete.
 */
export function verifyFile(path: string, { publicKey, dayHead }: { readonly publicKey?: string | undefined; readonly dayHead?: string | undefined }): boolean {
  const text = contentOf(path);
  const trust = { ...(publicKey !== undefined && { publicKeys: [publicKey] }), dayHead };
  const evidence = parsed(text);
  const isRun = isPlainObject(evidence) && evidence.format !== AUDIT_FORMAT;
  const { verdict, problems } = isRun ? verifyRun(evidence, trust) : verifyAudit(text, trust);
  say(SENTENCES[verdict]);
  for (const { where, message } of problems) say(`  ${where}: ${message}`);
  const signer = signerOf(evidence ?? parsed(text.trimEnd().split('\n').at(-1) ?? ''));
  if (publicKey === undefined && signer !== undefined && verdict !== 'invalid') {
    say(`Signed with ${signer}. Compare this key with the installation’s (GET /api/evidence/keys), or pass it with --key.`);
  }
  return verdict === 'valid' || verdict === 'incomplete';
}

function contentOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    throw new AppError('not-found', `${path} can’t be read.`, { cause });
  }
}

/** Undefined if it is not one JSON value. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

function signerOf(evidence: unknown): string | undefined {
  const last: unknown = isPlainObject(evidence) && Array.isArray(evidence.keys) ? evidence.keys.at(-1) : undefined;
  return isPlainObject(last) && typeof last.publicKey === 'string' ? last.publicKey : undefined;
}
