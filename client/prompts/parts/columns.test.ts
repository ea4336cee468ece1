import { expect, test } from 'vitest';
import { columnsText, readColumns } from './columns.ts';

test('columns are written to the URL and read back', () => {
  const columns = [{ version: 4, route: 'careful' } as const, { version: 'draft', route: 'fast' } as const];
  expect(readColumns(columnsText(columns))).toEqual(columns);
});

test('invalid and repeated columns are ignored, and at most four are kept', () => {
  expect(readColumns('x@fast,4@,4@fast,4@fast')).toEqual([{ version: 4, route: 'fast' }]);
  expect(readColumns('1@a,2@a,3@a,4@a,5@a')).toHaveLength(4);
});
