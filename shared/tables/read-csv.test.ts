import { expect, it } from 'vitest';
import { csvValue, guessType, readCsv } from './read-csv.ts';

it.each([
  ['a byte order mark and semicolons', '\uFEFFname;sum\r\nAda;1,5\r\n', ';', [['Ada', '1,5']]],
  [
    'quotes with separators, quotes, and line breaks',
    'name,sum\n"A, ""B""\nC",2\n\nD,3',
    ',',
    [
      ['A, "B"\nC', '2'],
      ['D', '3'],
    ],
  ],
  ['tabs', 'name\tsum\nx, y\t1', '\t', [['x, y', '1']]],
  ['a separator in the quotes of the header', '"name;a;b",sum\n1,2', ',', [['1', '2']]],
])('reads %s', (_, text, separator, cells) => {
  const file = readCsv(text);
  expect(file).toMatchObject({ separator });
  expect('rows' in file && file.rows.map((row) => row.cells)).toEqual(cells);
});

it('names the line where a row starts', () => {
  const file = readCsv('a,b\n"1\n2",x\n\n3,y');
  expect('rows' in file && file.rows.map(({ line }) => line)).toEqual([2, 5]);
});

it('reads back what an export guards against formulas', () => {
  const file = readCsv("a\n'=1+1\n'plain");
  expect('rows' in file && file.rows.map((row) => row.cells[0])).toEqual(['=1+1', "'plain"]);
});

it('refuses an empty file, and one with too many rows, naming the limit', () => {
  expect(readCsv('a,b\n1,"2\n3,4\n5,6')).toEqual({ problem: expect.stringContaining('opens on line 2 is never closed') });
  expect(readCsv('a,b\r\n"x\r\ny",2\r\n3,"4\r\n')).toEqual({ problem: expect.stringContaining('line 4') });
  expect(readCsv('size,b\n5" wide,"say ""hi"""\n')).toMatchObject({ rows: [{ cells: ['5" wide', 'say "hi"'] }] });
  expect(readCsv('\n')).toMatchObject({ problem: expect.stringContaining('empty') });
  expect(readCsv(`a\n${'1\n'.repeat(100_001)}`)).toMatchObject({ problem: expect.stringContaining('100,001 rows. A table holds up to 100,000') });
});

it.each([
  [['1', '-2.5', ''], ',', 'number'],
  [['1,5'], ';', 'number'],
  [['1,5'], ',', 'text'],
  [['007'], ',', 'text'],
  [['12345678901234567890'], ',', 'text'],
  [['yes', 'No'], ',', 'boolean'],
  [['1', '0'], ',', 'number'],
  [['2027-01-31', '2027-01-31T10:00:00Z'], ',', 'date'],
  [['', ' '], ',', 'text'],
])('guesses the type of %j', (values, separator, type) => {
  expect(guessType(values, separator)).toBe(type);
});

it('reads a decimal comma where commas do not separate', () => {
  expect(csvValue('number', '1,5', ';')).toBe('1.5');
  expect(csvValue('number', '1,5', ',')).toBe('1,5');
  expect(csvValue('json', '{"a":1}', ',')).toEqual({ a: 1 });
});
