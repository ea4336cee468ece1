import { defineFunctions } from './define.ts';

function countCharacters(text: string): number {
  let count = 0;
  for (const _ of text) count++;
  return count;
}

const length = (value: { readonly length: number }): number => value.length;
const fieldCount = (fields: ReadonlyMap<unknown, unknown>): number => fields.size ?? 0;

export const languageFunctions = defineFunctions('Language', [
  {
    signature: 'size(value)',
    doc: 'The number of characters, items, or fields.',
    example: 'size([1, 2, 3])',
    result: 3,
    overloads: {
      'size_(string): double': countCharacters,
      'string.size_(): double': countCharacters,
      'size_(list): double': length,
      'list.size_(): double': length,
      'size_(bytes): double': length,
      'bytes.size_(): double': length,
      'size_(map): double': fieldCount,
      'map.size_(): double': fieldCount,
    },
  },
  {
    signature: 'cel.bind(name, value, expression)',
    doc: 'Names a value within the expression.',
    example: 'cel.bind(n, size("hello"), n > 1 && n < 10)',
    result: true,
  },
]);
