import type { EvidenceKey } from '@switchyard/shared/contracts/insight/evidence.ts';
import { actorOf } from '../caller.ts';
import { recordChange } from '../changes/record-change.ts';
import type { ServiceContext } from '../context.ts';
import { keyParts } from './run-evidence.ts';
import { addKey, keysOf, keyView } from './signing-keys.ts';

/** The public keys, the current one last. */
export const listKeys = async (context: ServiceContext): Promise<EvidenceKey[]> => (await keysOf(keyParts(context))).map(keyView);

/** Replaces the key that signs evidence. Throws `revision-conflict` if someone else did at the same time. */
export async function rotateKey(context: ServiceContext, reason: string | undefined): Promise<EvidenceKey> {
  const { caller, workspaceId } = context;
  const current = (await keysOf(keyParts(context))).at(-1);
  const number = (current?.number ?? 0) + 1;
  const change = { before: { publicKey: current?.publicKey }, after: { number }, reason, revision: number };
  const subject = { kind: 'signing-key', id: String(number) } as const;
  return recordChange(context, { workspaceId, actor: actorOf(caller), subject, action: 'rotate', ...change }, async () =>
    keyView(await addKey(keyParts(context))),
  );
}
