/** All workspaces of an installation, for work that no caller asks for: recovery, housekeeping, and copies. */
export type Workspaces = () => Promise<readonly string[]>;
