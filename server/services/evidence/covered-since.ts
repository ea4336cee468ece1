import type { Secrets } from '../../secrets/secrets.ts';
import { settings } from '../../store/collections.ts';
import { insertIfAbsent } from '../../store/insert-if-absent.ts';
import type { Store } from '../../store/port.ts';
import { INSTALLATION } from '../../store/workspaces.ts';

/*
 * From when on every run must have a chain (S89). During an upgrade, processes of versions without evidence may still write runs; once none is
 * live, a run without a chain is one whose chain was taken away.
 */

const SETTING = 'evidence-since';

interface Since {
  readonly at: string;
  readonly seal: string;
}

type Keyed = Pick<Secrets, 'keyedHash'>;
const sealOf = (secrets: Keyed, at: string): string => secrets.keyedHash(SETTING, at).toString('base64url');

/** Undefined while processes without evidence may be live. */
export async function coveredSince(stores: Store, secrets: Keyed): Promise<string | undefined> {
  const since = (await stores.in(INSTALLATION).get(settings, SETTING))?.value as Since | undefined;
  return since && since.seal === sealOf(secrets, since.at) ? since.at : undefined;
}

/** Notes that all live processes write chains. Runs accepted in the same moment are not covered yet. */
export async function coverFrom(stores: Store, secrets: Keyed, now: Date): Promise<void> {
  const at = now.toISOString();
  await insertIfAbsent(stores.in(INSTALLATION), settings, { id: SETTING, workspaceId: INSTALLATION, value: { at, seal: sealOf(secrets, at) } satisfies Since });
}
