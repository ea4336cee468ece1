import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { allContracts } from './all.ts';

it('lists the operations of every file of contracts', () => {
  const here = import.meta.dirname;
  const ids = new Set(allContracts.map(({ id }) => id));
  const declared = readdirSync(here, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'))
    .flatMap((name) => [...readFileSync(join(here, name), 'utf8').matchAll(/= contract\(\{\s*id: '(\w+)'/g)])
    .map(([, id]) => id);
  expect(declared.length).toBeGreaterThan(50);
  expect(declared.filter((id) => !ids.has(id ?? ''))).toEqual([]);
});
