import { join } from 'node:path';

/** One place in the sources, and its replacement in a broken build. */
export interface Breakage {
  /** How the path of the file ends. */
  readonly file: string;
  readonly text: string;
  readonly instead: string;
}

/** Settings that make a server process run a build that is broken in these places. Its sources stay unchanged. */
export const brokenBuild = (...breakages: Breakage[]): Readonly<Record<string, string>> => ({
  NODE_OPTIONS: `--import=${join(import.meta.dirname, 'break-sources.ts')}`,
  BREAKAGE: JSON.stringify(breakages),
});
