import type { EvidenceKey } from '@switchyard/shared/contracts/insight/evidence.ts';
import { AppError } from '@switchyard/shared/errors.ts';
import { openOrNothing, type Secrets } from '../../secrets/secrets.ts';
import { findAll } from '../../store/find-all.ts';
import { insertIfAbsent } from '../../store/insert-if-absent.ts';
import { type SigningKeyRecord, signingKeys } from '../../store/insight/evidence-collections.ts';
import type { Store, WorkspaceStore } from '../../store/port.ts';
import { INSTALLATION } from '../../store/workspaces.ts';
import { isSignedBy, keyStatement, newKeyPair, signWith } from './chain/signatures.ts';

/*
 * The keys that sign evidence (S89). They belong to the installation. Invariants: 1. Keys are numbered without gaps, so two processes can't make
 * the same one, and the last one signs. 2. A private key is stored only encrypted, and only this installation can have encrypted it: a key that
 * was put into the database by others is not one of its keys.
 */

export interface KeyParts {
  readonly stores: Store;
  readonly secrets: Pick<Secrets, 'seal' | 'open'>;
  readonly now: () => Date;
}

const idOf = (number: number): string => `key-${number}`;
const sealName = (number: number, publicKey: string): string => `signing-key:${number}:${publicKey}`;
const home = ({ stores }: Pick<KeyParts, 'stores'>): WorkspaceStore => stores.in(INSTALLATION);

/** All keys, the current one last. Makes the first one. */
export async function keysOf(parts: KeyParts): Promise<SigningKeyRecord[]> {
  for (;;) {
    const found = await findAll(home(parts), signingKeys, { order: { field: 'number' } });
    if (found.length > 0) return found;
    await insertIfAbsent(home(parts), signingKeys, newKey(parts, undefined));
  }
}

/** Makes the next key. Throws `revision-conflict` if another process did so at the same time. */
export async function addKey(parts: KeyParts): Promise<SigningKeyRecord> {
  const next = newKey(parts, (await keysOf(parts)).at(-1));
  if (await insertIfAbsent(home(parts), signingKeys, next)) return next;
  throw new AppError('revision-conflict', 'The key was replaced elsewhere at the same time. Nothing was changed.');
}

function newKey({ secrets, now }: KeyParts, before: SigningKeyRecord | undefined): SigningKeyRecord {
  const { publicKey, secret } = newKeyPair();
  const number = (before?.number ?? 0) + 1;
  const named = { number, publicKey, createdAt: now().toISOString(), previous: before?.publicKey ?? null };
  const statement = keyStatement(named);
  const secretBefore = before && secretOf({ secrets }, before);
  return {
    id: idOf(number),
    workspaceId: INSTALLATION,
    ...named,
    signature: signWith(secret, statement),
    // After the installation’s key was replaced, the private key before can’t be decrypted.
    endorsement: secretBefore === undefined ? null : signWith(secretBefore, statement),
    sealedSecret: secrets.seal(secret, sealName(number, publicKey)),
  };
}

const secretOf = ({ secrets }: Pick<KeyParts, 'secrets'>, { number, publicKey, sealedSecret }: SigningKeyRecord): string | undefined =>
  openOrNothing(secrets, sealedSecret, sealName(number, publicKey));

export const keyView = ({ number, publicKey, createdAt, previous, signature, endorsement }: SigningKeyRecord): EvidenceKey => ({
  number,
  publicKey,
  createdAt,
  previous,
  signature,
  endorsement,
});

/** The public keys whose evidence this installation vouches for: its own, and each that a trusted key names as the one before it. */
export async function trustedKeys(parts: KeyParts): Promise<string[]> {
  const trusted = new Set<string>();
  for (const key of (await keysOf(parts)).toReversed()) {
    if (secretOf(parts, key) !== undefined) trusted.add(key.publicKey);
    if (trusted.has(key.publicKey) && key.previous !== null && isSignedBy(key.publicKey, keyStatement(key), key.signature)) trusted.add(key.previous);
  }
  return [...trusted];
}

export interface Signed {
  readonly signature: { readonly key: number; readonly value: string };
  /** The key that signed, and those before it. */
  readonly keys: EvidenceKey[];
}

/** Signs with the current key. Throws `secret-unreadable` if it can’t be decrypted. */
export async function signed(parts: KeyParts, statement: object): Promise<Signed> {
  const keys = await keysOf(parts);
  const current = keys.at(-1);
  const secret = current && secretOf(parts, current);
  if (!current || secret === undefined) {
    throw new AppError('secret-unreadable', 'The evidence signing key can’t be decrypted. Start with the previous SWITCHYARD_SECRET_KEY, or replace the key.');
  }
  const value = signWith(secret, statement);
  // Ed25519 signs the same statement in the same way, so a damaged key would not be noticed otherwise.
  if (!isSignedBy(current.publicKey, statement, value)) throw new AppError('secret-unreadable', 'The evidence signing key is damaged. Replace it.');
  return { signature: { key: current.number, value }, keys: keys.map(keyView) };
}
