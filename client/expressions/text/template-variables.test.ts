import { declaredVariables } from '@switchyard/shared/model/declared-variables.ts';
import { expect, test } from 'vitest';
import { templateProblems, usedVariables } from './template-variables.ts';

const declared = declaredVariables({ properties: { name: {} } });

test('lists the variables of templates once each, by first use', () => {
  expect(usedVariables(['{{ name }}, {{ order.id }}', '{{ tags.filter(tag, tag != name) }}', 'text'])).toEqual(['name', 'order', 'tags']);
});

test('ignores a template with a syntax error', () => {
  expect(usedVariables(['{{ name', '{{ tier }}'])).toEqual(['tier']);
});

test('marks an undeclared variable at its position', () => {
  const message = '“nmae” isn’t a variable of this prompt. Did you mean “name”?';
  expect(templateProblems('Hello {{ nmae }}', declared)).toEqual([{ from: 9, to: 13, severity: 'error', message }]);
  expect(templateProblems('Hello {{ name }}', declared)).toEqual([]);
});

test('marks a syntax error at its position in the whole text', () => {
  const [problem] = templateProblems('ab {{ 1 + }}', declared);
  expect(problem).toMatchObject({ severity: 'error' });
  expect(problem?.from).toBeGreaterThanOrEqual(5);
});
