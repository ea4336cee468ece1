import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** How the folder of a run of the tests begins. */
export const RUN_FOLDER = 'switchyard-tests-';

let made = false;

/**
 * Gives a run of the tests one folder for all its temporary files and removes it at the end, with what a browser or a test that was cut
 * off left in it. Called before the tests of each project; the first one makes it.
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
    // A browser may still be putting its profile in order.
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  };
}
