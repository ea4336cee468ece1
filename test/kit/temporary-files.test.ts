import { existsSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { expect, it } from 'vitest';
import { RUN_FOLDER, setup } from './temporary-files.ts';

it('puts temporary files of tests into one folder for this run', () => {
  expect(basename(tmpdir())).toMatch(new RegExp(`^${RUN_FOLDER}`));
});

it('removes it at the end of the run, with all remaining files', () => {
  const before = tmpdir();
  const end = setup();
  const folder = tmpdir();
  expect(setup(), 'another project shares it').toBeUndefined();
  writeFileSync(join(folder, 'left'), 'by an interrupted test');
  end?.();
  expect([existsSync(folder), tmpdir()]).toEqual([false, before]);
});
