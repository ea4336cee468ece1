import { DEFAULT_WORKSPACE } from '../store/collections.ts';
import type { Workspaces } from '../store/workspaces.ts';

/** The only place of the server that names a workspace: callers and records carry theirs. */
export const workspaces: Workspaces = async () => [DEFAULT_WORKSPACE];
