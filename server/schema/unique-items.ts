import type { FuncKeywordDefinition } from 'ajv/dist/2020.js';
import { canonicalJson } from '../services/workflows/content-hash.ts';

/** `uniqueItems` by one look at each item; the library compares each with each other, which a long list makes into minutes. */
export const uniqueItems: FuncKeywordDefinition = {
  keyword: 'uniqueItems',
  type: 'array',
  schemaType: 'boolean',
  validate: (wanted: boolean, list: readonly unknown[]) => !wanted || new Set(list.map(canonicalJson)).size === list.length,
  error: { message: 'must not hold the same item twice' },
};
