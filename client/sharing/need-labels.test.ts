import { expect, test } from 'vitest';
import { countNeeds } from './need-labels.ts';

const need = (kind: 'secret' | 'connection' | 'route', name: string) => ({ kind, name, steps: [] });

test('needs are counted by kind', () => {
  const needs = [need('connection', 'Shop'), need('secret', 'a'), need('secret', 'b'), need('route', 'legal')];
  expect(countNeeds(needs, ['secret', 'connection'])).toBe('2 secrets, 1 connection');
  expect(countNeeds(needs, ['node-type'])).toBe('');
});
