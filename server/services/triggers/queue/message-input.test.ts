import { expect, it } from 'vitest';
import { messageInput } from './message-input.ts';

const SCHEMA = { type: 'object', properties: { count: { type: 'integer' }, tags: { type: ['array', 'null'] }, name: { type: 'string' } } };
const input = (fields: Record<string, string>) => messageInput(SCHEMA, new Map(Object.entries(fields)));

it('takes a JSON object in a field for the whole message', () => {
  expect(input({ data: '{"count": 1}' })).toEqual({ count: 1 });
  expect(input({ payload: '[1]' })).toEqual({ payload: '[1]' });
  expect(input({ other: '{"count": 1}' })).toEqual({ other: '{"count": 1}' });
  expect(input({ data: '{"count": 1}', name: 'x' })).toEqual({ data: '{"count": 1}', name: 'x' });
});

it('reads fields as the types of the schema, and anything else as text', () => {
  expect(input({ count: '12', tags: '["a"]', name: '12', more: '12' })).toEqual({ count: 12, tags: ['a'], name: '12', more: '12' });
  expect(input({ count: 'many' })).toEqual({ count: 'many' });
});
