import { AppError } from '@switchyard/shared/errors.ts';
import { settings } from '../store/collections.ts';
import { insertIfAbsent } from '../store/insert-if-absent.ts';
import type { Store } from '../store/port.ts';
import { INSTALLATION } from '../store/workspaces.ts';
import type { Secrets } from './secrets.ts';

const SETTING = 'secretKey';

/** Throws AppError `not-ready` if the other processes of this installation have a different key. The first process records its key’s fingerprint. */
export async function assertSameKey(store: Store, secrets: Pick<Secrets, 'keyedHash'>): Promise<void> {
  const installation = store.in(INSTALLATION);
  const value = secrets.keyedHash('fingerprint', 'switchyard').toString('base64url').slice(0, 16);
  if (await insertIfAbsent(installation, settings, { id: SETTING, workspaceId: INSTALLATION, value })) return;
  if ((await installation.get(settings, SETTING))?.value === value) return;
  throw new AppError(
    'not-ready',
    'This process has a different secret key from the other processes of this installation, so it can’t decrypt their secrets. Set SWITCHYARD_SECRET_KEY to the same value for all of them: the contents of secret.key in the data directory of the first process.',
  );
}
