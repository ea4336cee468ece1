import { describe, expect, it } from 'vitest';
import { readable, typedName } from './completions.ts';
import { describeValue } from './describe-value.ts';

const scope = {
  type: 'object',
  properties: {
    input: { type: 'object', properties: { message: { type: 'string' }, tier: { type: 'string' }, 'odd-name': {} }, required: ['message'] },
    steps: { type: 'object', properties: { classify: { type: 'object', properties: { label: { enum: ['a', 'b'] } } } } },
  },
};

describe('expression completions', () => {
  it('list every readable name, with its value if known, else its type', () => {
    const found = readable(scope, { input: { message: 'Please help' } });
    expect(found.map((one) => one.label)).toEqual([
      'input',
      'input.message',
      'input.tier',
      'input["odd-name"]',
      'steps',
      'steps.classify',
      'steps.classify.label',
    ]);
    expect(found.find((one) => one.label === 'input.message')?.detail).toBe('Please help');
    expect(found.find((one) => one.label === 'steps.classify.label')?.detail).toBe('one of a, b');
  });

  it('list fields that the value in the run has without a schema, but no other steps', () => {
    const found = readable(scope, { steps: { classify: { label: 'a', tokens: { input: 3 } }, later: {} }, input: { message: 'x' } });
    expect(found.map((one) => one.label)).toContain('steps.classify.tokens.input');
    expect(found.map((one) => one.label)).not.toContain('steps.later');
  });

  it('include how to read what may be missing', () => {
    const found = readable(scope, {});
    expect(found.find((one) => one.label === 'input.tier')?.info).toContain('input.?tier.orValue("")');
    expect(found.find((one) => one.label === 'input.message')?.info).toBeUndefined();
  });

  it('take the dotted name before the cursor', () => {
    expect(typedName('size(input.mes')).toEqual({ name: 'input.mes', start: 5 });
    expect(typedName('1 + ')).toEqual({ name: '', start: 4 });
  });
});

describe('a value in one line', () => {
  it.each([
    ['  Please\nrefund  ', 'Please refund'],
    [[1, 2], '2 items: 1, 2'],
    [[{}, {}, {}], '3 items'],
    [{ id: 1, name: 'x' }, '{ id, name }'],
    [null, 'nothing'],
    [undefined, 'missing'],
    [0.93, '0.93'],
    [{ $blob: 'abc', bytes: 100_000, preview: 'Once upon' }, 'Once upon'],
  ])('says %j as %s', (value, words) => {
    expect(describeValue(value)).toBe(words);
  });

  it('is truncated if it is long', () => {
    expect(describeValue('a'.repeat(100), 10)).toBe(`${'a'.repeat(9)}…`);
  });
});
