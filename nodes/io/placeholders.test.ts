import { expect, it } from 'vitest';
import { placeholderIssues } from './placeholders.ts';

const request = { url: 'https://x.example', query: [], form: [], bodyKind: 'none' };
const found = (changes: Partial<Parameters<typeof placeholderIssues>[0]>) =>
  placeholderIssues({ ...request, ...changes }).map(({ path, message }) => [path.join('.'), message]);

it('finds placeholders anywhere in the URL, but no expressions', () => {
  expect(found({ url: 'https://x.example/{owner}/{repo}/{{ input.id }}' })).toEqual([['url', 'Replace {owner} and {repo} with a value or an expression']]);
  expect(found({ url: 'https://x.example/{{ {"a": 1}.a }}' })).toEqual([]);
});

it('finds them elsewhere only as a whole value', () => {
  const query = [
    { name: 'q', value: '{Name} = 1' },
    { name: 'id', value: ' {id} ' },
  ];
  expect(found({ query })).toEqual([['query.1.value', 'Replace {id} with a value or an expression']]);
  const json = { channel: '{channel}', list: [{ text: 'Hello {name}' }, '{other}'], id: '{channel}' };
  expect(found({ bodyKind: 'json', json })).toEqual([['json', 'Replace {channel} and {other} with a value or an expression']]);
  expect(found({ bodyKind: 'text', json })).toEqual([]);
  expect(found({ bodyKind: 'form', form: [{ name: 'a', value: '{a}' }] })).toHaveLength(1);
});
