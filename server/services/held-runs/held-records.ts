import { z } from 'zod';
import { settings } from '../../store/collections.ts';
import type { WorkspaceStore } from '../../store/port.ts';

/*
 * Two settings say which runs a restore holds: the restore itself, and its release. Each is one insert, so a release happens once. Both are
 * deleted once every run is released.
 */

export const RESTORED = 'restored';
const RELEASED = 'restored-release';

const restored = z.object({ backupAt: z.string(), restoredAt: z.string(), held: z.number() });
const released = z.object({ at: z.string(), left: z.number() });
export type Restored = z.infer<typeof restored>;
export type Released = z.infer<typeof released>;

/** Facts about one restore. Not part of a backup. */
export const isHoldSetting = (id: string): boolean => id === RESTORED || id === RELEASED;

export const readRestored = async (store: WorkspaceStore): Promise<Restored | undefined> =>
  restored.optional().parse((await store.get(settings, RESTORED))?.value);

export const readReleased = async (store: WorkspaceStore): Promise<Released | undefined> =>
  released.optional().parse((await store.get(settings, RELEASED))?.value);

export const insertReleased = (store: WorkspaceStore, workspaceId: string, value: Released): Promise<void> =>
  store.insert(settings, { id: RELEASED, workspaceId, value });

export const noteLeft = async (store: WorkspaceStore, value: Released): Promise<void> => void (await store.update(settings, RELEASED, { value }));

/** Since a restore from a backup, until a person releases its runs: triggers start nothing. */
export const isHeldAfterRestore = async (store: WorkspaceStore): Promise<boolean> => Boolean(await readRestored(store)) && !(await readReleased(store));

/** Forgets a restore whose runs were all released. */
export const forgetRestored = async (store: WorkspaceStore): Promise<void> => {
  await store.delete(settings, RESTORED);
  await store.delete(settings, RELEASED);
};
