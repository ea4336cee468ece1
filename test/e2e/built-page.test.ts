import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pageDirOf } from '@switchyard/server/page-build.ts';
import { expect, it } from 'vitest';
import { repositoryRoot } from '../kit/server.ts';

it('the tested page is the production build, without the development code of its libraries', async () => {
  const assets = join(pageDirOf(repositoryRoot), 'assets');
  const scripts = (await readdir(assets)).filter((name) => name.endsWith('.js'));
  expect(scripts.length).toBeGreaterThan(5);
  const marked = await Promise.all(scripts.map(async (name) => ((await readFile(join(assets, name), 'utf8')).includes('Consider memoization') ? [name] : [])));
  expect(marked.flat()).toEqual([]);
});
