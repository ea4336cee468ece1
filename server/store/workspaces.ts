/** All workspaces of an installation, for work that no caller asks for: recovery and housekeeping. */
export type Workspaces = () => Promise<readonly string[]>;
