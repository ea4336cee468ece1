import { describe, expect, it } from 'vitest';
import { describeRequired, inputErrors } from './check-input.ts';

const schema = {
  type: 'object',
  properties: {
    message: { type: 'string', minLength: 1 },
    email: { type: 'string', format: 'email' },
    tier: { enum: ['free', 'gold'] },
    count: { type: 'number' },
  },
  required: ['message', 'email'],
};
const errors = (value: unknown, more: object = {}) => inputErrors({ schema, ...more }, value).map(({ path, message }) => `${path} ${message}`);

describe('checking an input as it is edited', () => {
  it('describes each error with its path', () => {
    expect(errors({ email: 'x', tier: 'silver', message: '' })).toEqual([
      'email must be an email address',
      'tier must be one of "free", "gold"',
      'message must not be empty',
    ]);
    expect(errors({})).toEqual(['message is missing', 'email is missing']);
  });

  it('normalizes first, as the Input node does', () => {
    expect(errors({ message: 'Hi', email: ' ADA@EXAMPLE.COM ', count: '3' })).toEqual([]);
  });

  it('lists unknown fields where they are rejected', () => {
    expect(errors({ message: 'Hi', email: 'a@b.de', extra: 1 }, { unknownFields: 'refuse' })[0]).toContain('extra');
    expect(errors({ message: 'Hi', email: 'a@b.de', extra: 1 })).toEqual([]);
  });

  it('accepts what it can’t read', () => {
    expect(inputErrors({ schema: { type: 'nonsense' } }, {})).toEqual([]);
    expect(inputErrors({ schema: 'broken' }, {})).toEqual([]);
  });

  it('counts the required fields present', () => {
    expect(describeRequired(schema, { message: 'Hi' })).toBe('1 of 2 required fields');
    expect(describeRequired({}, 5)).toBe('no field is required');
  });
});
