import { definitionOf } from '@switchyard/nodes/catalog.ts';
import { compileTemplate } from '@switchyard/shared/expression/template.ts';
import { describe, expect, test } from 'vitest';
import { checkConnection } from '../models/check-connection.ts';
import { services } from './service-catalog.ts';

const http = definitionOf('tool');

describe.each(services.map((service) => [service.name, service] as const))('%s', (_name, service) => {
  test('has ways to authenticate that only lack a client ID and a secret', () => {
    for (const { auth } of service.options) {
      const registered = auth.scheme === 'oauth2' ? { ...auth, clientId: 'mine' } : auth;
      checkConnection({ name: service.name, kind: 'http', baseUrl: service.baseUrl, auth: registered });
      if (auth.scheme === 'oauth2') expect([auth.clientId, auth.tokenUrl.startsWith('https://')]).toEqual(['', true]);
    }
    expect(new URL(service.baseUrl).protocol).toBe('https:');
  });

  test.each(service.recipes.map((recipe) => [recipe.title, recipe] as const))(
    '“%s” is a request to this service that only needs its placeholders',
    (_title, recipe) => {
      expect(http?.params.strict().safeParse(recipe.params).error).toBeUndefined();
      expect(new URL(String(recipe.params.url)).origin).toBe(service.baseUrl);
      for (const { message } of http?.check(recipe.params) ?? []) expect(message).toMatch(/^Replace \{/);
      for (const template of JSON.stringify(recipe.params).match(/\{\{.*?\}\}/g) ?? []) compileTemplate(template);
    },
  );
});

test('IDs are unique', () => {
  const ids = services.flatMap(({ id, recipes }) => [id, ...recipes.map((recipe) => `${id}/${recipe.id}`)]);
  expect(new Set(ids).size).toBe(ids.length);
});
