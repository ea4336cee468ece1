import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { repositoryRoot } from '../kit/server.ts';
import * as breakages from './breakages.ts';

test.for(Object.entries(breakages))('the sources still contain what the build %s breaks', ([, { file, text }]) => {
  expect(readFileSync(join(repositoryRoot, file), 'utf8')).toContain(text);
});
