import { edge, graphOf, node } from '../../kit/graph.ts';
import { replying } from './entry-point.ts';

/* Workflows that are called with hostile inputs. */

const FORMATS = ['url', 'email', 'date-time', 'hostname', 'uuid', 'duration', 'regex'];
/** A schema as careful authors write them. */
const CAREFUL = {
  type: 'object',
  properties: {
    s: { type: 'string', pattern: '^([a-z]+\\s?)*$', maxLength: 100_000, anyOf: FORMATS.map((format) => ({ format })) },
    xs: {
      type: 'array',
      uniqueItems: true,
      items: { anyOf: [{ type: 'object', required: ['id', 'name'], additionalProperties: false }, { type: 'number' }, { type: 'string' }] },
    },
    at: { type: 'string', format: 'date-time' },
  },
  required: ['s', 'a', 'b', 'c'],
  additionalProperties: { type: ['string', 'number'] },
};
/** Steps that read everything in the input. */
const BUSY = graphOf(
  [
    node('input', 'start', { schema: {}, samples: [] }),
    node('transform', 'read', {
      fields: [
        { name: 'a', value: 'toJson(input)' },
        { name: 'b', value: 'input' },
      ],
    }),
    node('condition', 'which', {
      branches: [
        { id: 'big', name: 'big', by: 'expression', expression: 'input.?s.orValue("").matches("^(a+)+$") || input.?xs.orValue([]).exists(x, x == 1)' },
      ],
    }),
    node('output', 'reply', {
      value: { all: '{{ input }}', text: 'a {{ input }} b {{ steps.read.a }}' },
      headers: [{ name: 'content-type', value: '{{ input.?s.orValue("text/plain") }}' }],
    }),
    node('output', 'other', { value: '{{ steps.read }}' }),
  ],
  [edge('start', 'read'), edge('read', 'which'), edge('which.big', 'reply'), edge('which.else', 'other')],
);

export const CALLED = [replying('{{ input }}'), replying('{{ input }}', { schema: CAREFUL }), BUSY];
