import { chmodSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

const OTHERS = 0o077;
const OWNER_ONLY = 0o600;
/** Files that this program creates in the data directory, including SQLite's own. */
const OURS = /\.db(-wal|-shm|-journal)?$|^lock\.address$|^secret\.key|^installation\.id$/;

/**
 * Makes our files in the data directory private to this user. Returns a warning if the directory itself is open to others. That may
 * be intended, so it is not changed.
 */
export function tightenDataDir(dir: string): string | undefined {
  if (process.platform === 'win32') return undefined;
  for (const name of readdirSync(dir).filter((name) => OURS.test(name))) tighten(join(dir, name));
  const mode = statSync(dir).mode & 0o777;
  if ((mode & OTHERS) === 0) return undefined;
  return `Warning: other users of this machine can read the data directory ${dir} (mode ${mode.toString(8)}). Its files are private, but their names are not. Run: chmod 700 ${dir}`;
}

/** A file of another owner can't be changed, and one that has just been deleted needs no change. */
function tighten(file: string): void {
  try {
    if ((statSync(file).mode & OTHERS) !== 0) chmodSync(file, OWNER_ONLY);
  } catch {
    // The warning about the directory is all we can do.
  }
}
