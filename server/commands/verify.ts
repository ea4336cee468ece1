import { readFileSync } from 'node:fs';
import type { Verification } from '@switchyard/shared/contracts/insight/evidence.ts';
import { AppError } from '@switchyard/shared/errors.ts';
import { isPlainObject } from '@switchyard/shared/json.ts';
import { verifyRun } from '../services/evidence/chain/verify-run.ts';
import { say } from './output.ts';

const SENTENCES: Readonly<Record<Verification['verdict'], string>> = {
  valid: 'valid: nothing was changed, removed, or cut',
  incomplete: 'incomplete: nothing was changed, but parts are missing',
  invalid: 'invalid',
  'no-chain': 'no chain: written by a version without evidence, so changes can’t be found',
};

/** Verifies a file of evidence, offline. `publicKey`: the key that must have signed it. Returns whether it is valid or incomplete. */
export function verifyFile(path: string, publicKey: string | undefined): boolean {
  const evidence = contentOf(path);
  const { verdict, problems } = verifyRun(evidence, publicKey === undefined ? {} : { publicKeys: [publicKey] });
  say(SENTENCES[verdict]);
  for (const { where, message } of problems) say(`  ${where}: ${message}`);
  const signer = signerOf(evidence);
  if (publicKey === undefined && signer !== undefined && verdict !== 'invalid') {
    say(`Signed with ${signer}. Compare this key with the installation’s (GET /api/evidence/keys), or pass it with --key.`);
  }
  return verdict === 'valid' || verdict === 'incomplete';
}

function contentOf(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as unknown;
  } catch (cause) {
    throw new AppError('bad-request', `${path} can’t be read as JSON.`, { cause });
  }
}

function signerOf(evidence: unknown): string | undefined {
  const last: unknown = isPlainObject(evidence) && Array.isArray(evidence.keys) ? evidence.keys.at(-1) : undefined;
  return isPlainObject(last) && typeof last.publicKey === 'string' ? last.publicKey : undefined;
}
