import { writeSync } from 'node:fs';
import { DataDirBusy, lockDataDir } from './lock.ts';

/*
 * Locks a data directory until it is killed, and prints the outcome in one line. Run by lock.test.ts.
 */
const [dir = '', address] = process.argv.slice(2);
try {
  const lock = lockDataDir(dir);
  if (address !== undefined) lock.announce(address);
  writeSync(1, 'locked\n');
  setInterval(() => undefined, 60_000);
} catch (thrown) {
  if (!(thrown instanceof DataDirBusy)) throw thrown;
  writeSync(1, `busy ${thrown.address ?? 'without address'}\n`);
}
