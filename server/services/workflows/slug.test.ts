import { expect, test } from 'vitest';
import { slugChoices, slugOf } from './slug.ts';

test.each([
  ['Support chatbot routing', 'support-chatbot-routing'],
  ['  Ärger & Café!! ', 'arger-cafe'],
  ['日本語', 'workflow'],
  ['../../etc/passwd', 'etc-passwd'],
  [`${'a'.repeat(59)} b`, 'a'.repeat(59)],
])('%j becomes %s', (name, slug) => {
  expect(slugOf(name)).toBe(slug);
});

test('returns different alternatives if a name is taken', () => {
  const choices = [...slugChoices('Ticket triage')];
  expect(choices.slice(0, 3)).toEqual(['ticket-triage', 'ticket-triage-2', 'ticket-triage-3']);
  expect(new Set(choices).size).toBe(choices.length);
});
