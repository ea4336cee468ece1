import type { Service } from '@switchyard/shared/contracts/connections/services.ts';
import type { Connection } from '@switchyard/shared/contracts/models.ts';
import { expect, it } from 'vitest';
import { presetOf, recipeGroups } from './recipes.ts';

const recipe = (id: string, title: string) => ({ id, title, summary: `${title} at once`, params: { url: 'https://x.example' } });
const service = (id: string, name: string, ...titles: string[]): Service => ({
  id,
  name,
  baseUrl: 'https://x.example',
  console: 'https://x.example',
  help: '',
  options: [],
  scopes: [],
  recipes: titles.map((title) => recipe(title.toLowerCase().replaceAll(' ', '-'), title)),
});
const sheets = service('google-sheets', 'Google Sheets', 'Append a row', 'Find rows', 'Clear a range');
const slack = service('slack', 'Slack', 'Send a message', 'Reply in a thread');
const connection = (id: string, of: string, status?: 'connected' | 'reconnect') =>
  ({ id, service: of, ...(status && { signIn: { status } }) }) as unknown as Connection;

const shown = (search: string, connections: readonly Connection[] = []) =>
  recipeGroups([sheets, slack], connections, search).map((group) => [group.service.id, group.connection?.id, group.recipes.map(({ title }) => title)]);

it('finds recipes by title and service', () => {
  expect(shown('row')).toEqual([['google-sheets', undefined, ['Append a row', 'Find rows']]]);
  expect(shown('slack')).toEqual([['slack', undefined, ['Send a message', 'Reply in a thread']]]);
  expect(shown('zebra')).toEqual([]);
});

it('shows only connected services without a search', () => {
  expect(shown('')).toEqual([]);
  expect(shown('', [connection('one', 'slack')]).map(([id]) => id)).toEqual(['slack']);
});

it('prefers a connection that works', () => {
  const connections = [connection('lost', 'slack', 'reconnect'), connection('works', 'slack', 'connected')];
  expect(shown('slack', connections)[0]?.[1]).toBe('works');
});

it('fills in the request and the connection', () => {
  expect(presetOf(recipe('a', 'Append a row'), { id: 'con_1' })).toEqual({
    title: 'Append a row',
    params: { url: 'https://x.example', connectionId: 'con_1' },
  });
});
