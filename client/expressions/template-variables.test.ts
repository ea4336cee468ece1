import { expect, test } from 'vitest';
import { templateProblems, usedVariables } from './template-variables.ts';

test('lists the variables of templates once each, by first use', () => {
  expect(usedVariables(['{{ name }}, {{ order.id }}', '{{ tags.filter(tag, tag != name) }}', 'text'])).toEqual(['name', 'order', 'tags']);
});

test('ignores a template with a syntax error', () => {
  expect(usedVariables(['{{ name', '{{ tier }}'])).toEqual(['tier']);
});

test('marks an undeclared variable at its position', () => {
  expect(templateProblems('Hello {{ nmae }}', ['name'])).toEqual([{ from: 9, to: 13, severity: 'warning', message: '“nmae” isn’t a variable of this prompt' }]);
  expect(templateProblems('Hello {{ name }}', ['name'])).toEqual([]);
});

test('marks a syntax error at its position in the whole text', () => {
  const [problem] = templateProblems('ab {{ 1 + }}', []);
  expect(problem).toMatchObject({ severity: 'error' });
  expect(problem?.from).toBeGreaterThanOrEqual(5);
});
