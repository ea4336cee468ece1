import { chmodSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

const OTHERS = 0o077;
const OWNER_ONLY = 0o600;
/** Files that this program makes in the data directory, with what SQLite puts beside its own. */
const OURS = /\.db(-wal|-shm|-journal)?$|^lock\.address$|^secret\.key/;

/**
 * Takes our own files in the data directory from other users. Answers a warning where the directory itself is open to others: it may be
 * so on purpose, so it stays as it is.
 */
export function tightenDataDir(dir: string): string | undefined {
  if (process.platform === 'win32') return undefined;
  for (const name of readdirSync(dir).filter((name) => OURS.test(name))) tighten(join(dir, name));
  const mode = statSync(dir).mode & 0o777;
  if ((mode & OTHERS) === 0) return undefined;
  return `Warning: other users of this machine can read the data directory ${dir} (mode ${mode.toString(8)}). Its files are private, but their names are not. Run: chmod 700 ${dir}`;
}

/** A file of another owner cannot be changed, and one that has just gone needs nothing. */
function tighten(file: string): void {
  try {
    if ((statSync(file).mode & OTHERS) !== 0) chmodSync(file, OWNER_ONLY);
  } catch {
    // The warning about the directory is all that can be done.
  }
}
