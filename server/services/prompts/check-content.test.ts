import { expect, test } from 'vitest';
import { checkPromptContent } from './check-content.ts';

const messages = [{ role: 'user' as const, content: 'Hi {{ name }}' }];

test.each([[{ type: 'string' }], [{ type: ['array', 'null'] }]])('rejects the variables %j, which no call could fill', (variables) => {
  expect(() => checkPromptContent({ messages, variables })).toThrowError(
    expect.objectContaining({ code: 'bad-request', fields: [{ path: 'variables.type', message: expect.any(String) }] }),
  );
});

test.each([[{}], [{ type: 'object' }], [{ type: ['object', 'null'] }], [undefined]])('accepts the variables %j', (variables) => {
  expect(() => checkPromptContent({ messages, ...(variables && { variables }) })).not.toThrow();
});
