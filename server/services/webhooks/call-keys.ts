import { createHash } from 'node:crypto';
import { AppError, isAppError } from '@switchyard/shared/errors.ts';
import { type RunRecord, runs } from '../../store/collections.ts';
import type { WorkspaceStore } from '../../store/port.ts';
import type { ServiceContext } from '../context.ts';

/*
 * One event, one run (S22). The key of a request is a field of its run under a unique index, so accepting a run and remembering its key
 * are one write. A key can be used again after 7 days: freed by `freeOldKeys`, or by the next request that uses it.
 */

export interface CallKey {
  /** `<workflowId>:live|test:<key the caller sent>` */
  readonly name: string;
  /** SHA-256 of the original body. */
  readonly bodyHash: string;
  /** It is never used again. */
  readonly permanent?: true;
  /** The same without a data policy, as it may have been recorded before there was one. */
  readonly plain?: { readonly name: string; readonly bodyHash: string };
}

/** A hash that reveals nothing without a key. */
export type KeyedHash = (value: string | Uint8Array) => string;

const LIFETIME_MS = 7 * 86_400_000;

/**
 * The key of a request. With a data policy, neither the caller’s key nor the body’s own hash is stored, only what `keyedHash` makes of them.
 * Throws `bad-request` if it is invalid.
 */
export function callKey(scope: string, given: string, raw: Uint8Array | string, keyedHash?: KeyedHash): CallKey {
  if (!/^[\x21-\x7e]{1,255}$/.test(given)) {
    throw new AppError('bad-request', 'An idempotency key has 1 to 255 visible ASCII characters without spaces. No run was started.');
  }
  const plain = { name: `${scope}:${given}`, bodyHash: createHash('sha256').update(raw).digest('hex') };
  return keyedHash ? { name: `${scope}:#${keyedHash(given)}`, bodyHash: keyedHash(raw), plain } : plain;
}

export const keyedUntil = (now: Date): string => new Date(now.getTime() + LIFETIME_MS).toISOString();

/** The run that this key already started. Undefined if none. Throws `idempotency-mismatch` if its body was different. */
export async function runOfKey(context: ServiceContext, { name, bodyHash, plain }: CallKey): Promise<RunRecord | undefined> {
  const { items } = await context.store.find(runs, { where: { idempotencyKey: plain ? [name, plain.name] : name }, limit: 1 });
  const run = items[0];
  if (!run) return undefined;
  if (run.keyedUntil && run.keyedUntil <= context.now().toISOString()) {
    await freeKey(context.store, run);
    return undefined;
  }
  if (run.bodyHash !== (run.idempotencyKey === plain?.name ? plain.bodyHash : bodyHash)) {
    throw new AppError('idempotency-mismatch', `This idempotency key was already used with a different body (run ${run.id}). Use a new key for a new event.`, {
      details: { runId: run.id },
    });
  }
  return run;
}

/** The insert of a run failed because its key is taken. */
export const isKeyTaken = (error: unknown): boolean => isAppError(error, 'already-exists') && error.details.index === 'idempotency';

/** Frees keys older than 7 days. */
export async function freeOldKeys(store: WorkspaceStore, now: Date): Promise<void> {
  for (;;) {
    const { items } = await store.find(runs, { range: { field: 'keyedUntil', to: now.toISOString() }, order: { field: 'keyedUntil' }, limit: 500 });
    if (items.length === 0) return;
    for (const run of items) await freeKey(store, run);
  }
}

const freeKey = (store: WorkspaceStore, { id, idempotencyKey }: RunRecord): Promise<unknown> =>
  store.update(runs, id, { idempotencyKey: null, keyedUntil: null }, { equal: { idempotencyKey } });
