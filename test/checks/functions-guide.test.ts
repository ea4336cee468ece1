import { readFile } from 'node:fs/promises';
import { EXPRESSION_FUNCTIONS } from '@switchyard/shared/expression/functions/catalog.ts';
import { FUNCTION_GROUPS } from '@switchyard/shared/expression/functions/define.ts';
import { expect, it } from 'vitest';

const inTable = (text: string): string => text.replaceAll('|', '\\|');

it('the guide to expressions lists every function with its example, in the order of the catalog', async () => {
  const guide = await readFile(new URL('../../docs/guide/expressions.md', import.meta.url), 'utf8');
  const reference = FUNCTION_GROUPS.map((group) => {
    const rows = EXPRESSION_FUNCTIONS.filter((one) => one.group === group).map(
      ({ signature, doc, example, result }) => `| \`${signature}\` | ${inTable(doc)} | \`${inTable(example)}\` → \`${inTable(JSON.stringify(result))}\` |`,
    );
    return `### ${group}\n\n| function | result | example |\n|---|---|---|\n${rows.join('\n')}`;
  }).join('\n\n');
  expect(guide.slice(guide.indexOf('### '))).toBe(`${reference}\n`);
});
