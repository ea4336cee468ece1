import { expect, test } from 'vitest';
import { type FiledPrompt, readPromptFile, writePromptFile } from './prompt-file.ts';

const filed = (name: string, content: string, more: Partial<FiledPrompt> = {}): FiledPrompt => ({
  name,
  labels: [],
  messages: [{ role: 'user', content }],
  variables: { type: 'object', properties: {} },
  variants: [],
  ...more,
});

test('writes one line of a text per line of the file, so a change of a word is one line in a diff', () => {
  const lines = (content: string) => writePromptFile([filed('reply', content, { labels: ['production'] })]).split('\n');
  const before = lines('You answer customers.\n\nBe warm.\nBe brief.');
  const after = lines('You answer customers.\n\nBe warm.\nBe exact.');
  expect(before.length).toBe(after.length);
  expect(after.filter((line, index) => line !== before[index])).toEqual(['            "Be exact."']);
});

test('reads what it wrote, and writes the same bytes again', () => {
  const prompts = [
    filed('reply', '\nHello\r\n{{ name }}\n', {
      description: 'About replies',
      labels: ['production', 'staging'],
      outputSchema: { type: 'object' },
      parameters: { temperature: 0, maxTokens: 10 },
      variants: [{ name: 'German', when: { language: 'de' }, messages: [{ role: 'user', content: 'Hallo\n{{ name }}' }] }],
    }),
    filed('reply', ''),
  ];
  const text = writePromptFile(prompts);
  expect(readPromptFile(JSON.parse(text))).toEqual(prompts);
  expect(writePromptFile(readPromptFile(JSON.parse(text)))).toBe(text);
});

const file = (...prompts: unknown[]) => ({ format: 'switchyard/prompts@1', prompts });

test.each([
  ['a workflow file', { format: 'switchyard/workflow@1' }, 'format Not a Switchyard prompt file'],
  ['a file from the future', { format: 'switchyard/prompts@2' }, 'newer Switchyard'],
  ['prompts that are no list', { format: 'switchyard/prompts@1', prompts: {} }, 'prompts must be a list'],
  ['an invalid name', file(filed('No name', 'x')), 'prompts.0.name'],
  ['a reserved name', file(filed('export', 'x')), 'prompts.0.name'],
  ['lines that are no texts', file({ ...filed('a', ''), messages: [{ role: 'user', content: ['x', 1] }] }), 'prompts.0.messages.0.content'],
  ['a label that is there twice', file(filed('a', 'x', { labels: ['l'] }), filed('a', 'y', { labels: ['l'] })), 'prompts.1.labels'],
])('rejects %s', (_what, value, words) => {
  let thrown: unknown;
  try {
    readPromptFile(value);
  } catch (error) {
    thrown = error;
  }
  expect(thrown).toMatchObject({ code: 'bad-request' });
  const { message, fields } = thrown as { message: string; fields: { path: string }[] };
  expect(`${fields.map(({ path }) => path).join()} ${message}`).toContain(words);
});
