import { expect, test } from 'vitest';
import { checkPromptContent } from './check-content.ts';

const messages = [{ role: 'user' as const, content: 'Hi {{ name }}' }];

test.each([[{ type: 'string' }], [{ type: ['array', 'null'] }]])('rejects the variables %j, which no call could fill', (variables) => {
  expect(() => checkPromptContent({ messages: [{ role: 'user', content: 'Hi' }], variables })).toThrowError(
    expect.objectContaining({ code: 'bad-request', fields: [{ path: 'variables.type', message: expect.any(String) }] }),
  );
});

test.each([[{}], [{ type: 'object' }], [{ type: ['object', 'null'] }], [undefined]])('accepts the variables %j', (variables) => {
  expect(() => checkPromptContent({ messages: [{ role: 'user', content: 'Hi' }], ...(variables && { variables }) })).not.toThrow();
});

test('rejects undeclared variables in messages and variants, once each, with a suggestion', () => {
  const variables = { type: 'object', properties: { name: { type: 'string' } } };
  const check = (content: string) => () =>
    checkPromptContent({
      messages: [...messages, { role: 'user', content }],
      variables,
      variants: [{ name: 'de', when: { lang: 'de' }, messages: [{ role: 'user', content }] }],
    });
  const at = (message: string) => ['messages.1.content', 'variants.0.messages.0.content'].map((path) => ({ path, message }));
  expect(check('{{ nmae }} and {{ nmae.size() }}')).toThrowError(
    expect.objectContaining({ code: 'bad-request', fields: at('“nmae” isn’t a variable of this prompt. Did you mean “name”?') }),
  );
  expect(check('{{ order.id }}')).toThrowError(
    expect.objectContaining({ fields: at('“order” isn’t a variable of this prompt. Declare it in the prompt’s variables.') }),
  );
  expect(check('{{ [1, 2].map(item, item + size(name)) }}')).not.toThrow();
});
