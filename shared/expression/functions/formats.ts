import { JsonLimitError, readJson } from '../../read-json.ts';
import { toCel } from '../data-map.ts';
import { ExpressionFault } from '../expression-fault.ts';
import { visit } from '../metering/meter.ts';
import { visitDeep } from '../metering/visit-deep.ts';
import { readPlain } from '../to-plain.ts';
import { defineFunctions } from './define.ts';

/** This many characters of JSON take as long to parse as visiting an element. */
const PARSED_PER_VISIT = 16;

function parseJson(text: string): unknown {
  visit(Math.floor(text.length / PARSED_PER_VISIT));
  try {
    return toCel(readJson(text));
  } catch (cause) {
    throw new ExpressionFault(cause instanceof JsonLimitError ? `parseJson() got text that ${cause.message}` : 'parseJson() got text that is not JSON');
  }
}

export function jsonOf(value: unknown): string {
  visitDeep(value);
  return JSON.stringify(readPlain(value));
}

export const formatFunctions = defineFunctions('Formats', [
  {
    signature: 'parseJson(text)',
    doc: 'The value of a JSON text.',
    example: 'parseJson("[1, 2]")',
    result: [1, 2],
    visits: 2,
    overloads: { 'parseJson(string): dyn': parseJson },
  },
  {
    signature: 'toJson(value)',
    doc: 'Any value as JSON text.',
    example: 'toJson({"a": [1]})',
    result: '{"a":[1]}',
    overloads: { 'toJson(dyn): string': jsonOf },
  },
]);
