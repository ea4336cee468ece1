import { describe, expect, it } from 'vitest';
import { runNode } from '../sdk/run-node.fixture.ts';
import { transform } from './transform.ts';

describe('transform', () => {
  it('builds an object from its expressions, and keeps their types', async () => {
    const fields = [
      { name: 'text', value: 'input.message' },
      { name: 'tier', value: 'input.?customer.?tier.orValue("free")' },
      { name: 'score', value: 'steps.score.value * 2' },
      { name: 'tags', value: '["a", input.message]' },
      { name: 'urgent', value: 'steps.score.value > 2' },
    ];
    const { result } = await runNode(transform, { fields }, { body: { message: 'Hi' }, scope: { steps: { score: { value: 2.5 } } } });
    expect(result).toEqual({ kind: 'done', output: { text: 'Hi', tier: 'free', score: 5, tags: ['a', 'Hi'], urgent: true } });
  });

  it('treats __proto__ as an ordinary name', async () => {
    const { result } = await runNode(transform, { fields: [{ name: '__proto__', value: '{"polluted": true}' }] });
    const output = result.kind === 'done' ? (result.output as object) : {};
    expect(Object.getOwnPropertyNames(output)).toEqual(['__proto__']);
    expect((output as { polluted?: boolean }).polluted).toBeUndefined();
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
  });

  it('fails with the message of the expression if a key is missing', async () => {
    const failed = runNode(transform, { fields: [{ name: 'a', value: 'input.customer.tier' }] }, { body: { message: 'Hi' } });
    await expect(failed).rejects.toMatchObject({ code: 'expression-failed', message: expect.stringContaining('customer') });
  });

  it('declares exactly its names', () => {
    const fields = [
      { name: 'b ', value: '1' },
      { name: 'a', value: '2' },
      { name: '', value: '3' },
    ];
    expect(transform.output({ fields })).toEqual({ type: 'object', properties: { b: {}, a: {} }, required: ['b', 'a'], additionalProperties: false });
  });

  it('reports what is missing or duplicated', () => {
    const fields = [
      { name: 'a', value: '1' },
      { name: 'a', value: '' },
      { name: '', value: '1' },
    ];
    expect(transform.check({ fields }).map(({ path }) => path.join('.'))).toEqual(['fields.1.value', 'fields.1.name', 'fields.2.name']);
    expect(transform.check({ fields: [] })).toMatchObject([{ path: ['fields'] }]);
  });
});
