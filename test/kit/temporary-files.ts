import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** How the folder of a test run starts. */
export const RUN_FOLDER = 'switchyard-tests-';

let made = false;

/**
 * Gives a test run one folder for all its temporary files and removes it at the end, with what a browser or an interrupted test left in it.
 * Called before the tests of each project; the first one creates it.
 */
export function setup(): (() => void) | undefined {
  if (made) return undefined;
  made = true;
  const before = process.env.TMPDIR;
  const folder = mkdtempSync(join(tmpdir(), RUN_FOLDER));
  process.env.TMPDIR = folder;
  return () => {
    made = false;
    if (before === undefined) delete process.env.TMPDIR;
    else process.env.TMPDIR = before;
    // A browser may still be writing to its profile.
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  };
}
