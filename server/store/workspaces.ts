import { DEFAULT_WORKSPACE } from './collections.ts';

/** All workspaces of an installation, for work that no caller asks for: recovery, housekeeping, and copies. */
export type Workspaces = () => Promise<readonly string[]>;

/** Where records of the whole installation are kept, whatever its workspaces: live processes and the mark of an unfinished copy. */
export const INSTALLATION = DEFAULT_WORKSPACE;
