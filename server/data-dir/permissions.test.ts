import { chmodSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { tightenDataDir } from './permissions.ts';

const temporary = () => {
  const path = mkdtempSync(join(tmpdir(), 'switchyard-modes-'));
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) };
};
const modeOf = (file: string): string => (statSync(file).mode & 0o777).toString(8);

test('makes our files private to this user, and names a directory that is open to others', () => {
  using dir = temporary();
  chmodSync(dir.path, 0o755);
  for (const name of ['switchyard.db', 'switchyard.db-wal', 'lock.db', 'secret.key', 'notes.txt']) {
    writeFileSync(join(dir.path, name), '');
    chmodSync(join(dir.path, name), 0o644);
  }
  expect(tightenDataDir(dir.path)).toContain(`chmod 700 ${dir.path}`);
  expect(['switchyard.db', 'switchyard.db-wal', 'lock.db', 'secret.key', 'notes.txt'].map((name) => modeOf(join(dir.path, name)))).toEqual([
    '600',
    '600',
    '600',
    '600',
    '644',
  ]);
});

test('gives no warning for a private directory', () => {
  using dir = temporary();
  chmodSync(dir.path, 0o700);
  expect(tightenDataDir(dir.path)).toBeUndefined();
});
