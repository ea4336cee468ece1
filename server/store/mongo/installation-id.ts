import { randomUUID } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';

const FILE = 'installation.id';

/**
 * The name of a data directory in its database. It contains the host's name: a copy of the directory on another machine is a different
 * installation. Call it only while holding the directory's lock.
 */
export const installationOf = (dataDir: string): string => {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const file = join(dataDir, FILE);
  try {
    writeFileSync(file, `${randomUUID()}\n`, { flag: 'wx' });
  } catch (thrown) {
    if (!(thrown instanceof Error && 'code' in thrown && thrown.code === 'EEXIST')) throw thrown;
  }
  return `${readFileSync(file, 'utf8').trim()}@${hostname()}`;
};
