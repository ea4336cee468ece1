import { expect, test } from 'vitest';
import { declaredVariables, undeclaredMessage } from './declared-variables.ts';

const text = { type: 'string' };

test('finds names in every schema that applies to the variables themselves', () => {
  const schema = {
    properties: { one: text, nested: { properties: { inner: text } } },
    allOf: [{ properties: { two: text } }, { $ref: '#/$defs/more' }],
    if: { properties: { three: text } },
    // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
    then: { properties: { four: text } },
    $defs: { more: { properties: { five: text }, anyOf: [{ $ref: '#' }] }, other: { properties: { six: text } } },
  };
  const declared = declaredVariables(schema);
  expect([...declared.names].sort()).toEqual(['five', 'four', 'nested', 'one', 'three', 'two']);
  expect(declared.isOpen).toBe(false);
});

test.each([
  [{ additionalProperties: true }, true],
  [{ additionalProperties: text }, true],
  [{ patternProperties: { '^x-': text } }, true],
  [{ allOf: [{ unevaluatedProperties: true }] }, true],
  [{ $ref: '#anchor' }, true],
  [{ additionalProperties: false }, false],
  [{}, false],
  [undefined, false],
])('knows whether %j says what other names hold', (schema, isOpen) => {
  expect(declaredVariables(schema).isOpen).toBe(isOpen);
});

test('suggests a close name, or to declare it', () => {
  const declared = declaredVariables({ properties: { customer: text } });
  expect(undeclaredMessage('customer', declared)).toBeUndefined();
  expect(undeclaredMessage('custmer', declared)).toBe('“custmer” isn’t a variable of this prompt. Did you mean “customer”?');
  expect(undeclaredMessage('order', declared)).toBe('“order” isn’t a variable of this prompt. Declare it in the prompt’s variables.');
  expect(undeclaredMessage('order', declaredVariables({ additionalProperties: true }))).toBeUndefined();
});
