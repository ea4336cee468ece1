import { describe, expect, it } from 'vitest';
import { runNode } from '../sdk/run-node.fixture.ts';
import { output } from './output.ts';

const world = { body: { message: 'Hi' }, scope: { steps: { draft: { text: 'Dear Ada', score: 0.9 } }, vars: { code: 201 } } };

describe('output', () => {
  it('reports text that looks like JSON, unless text is chosen', () => {
    const issues = (value: unknown, valueAs?: 'text') => output.check(output.params.parse({ value, ...(valueAs && { valueAs }) }));
    const broken = '{"a": "{{ input.?x.orValue("y") }}"}';
    expect(issues(broken)).toMatchObject([{ path: ['value'], message: expect.stringContaining('looks like JSON') }]);
    expect([issues(broken, 'text'), issues({ a: 1 }), issues('{{ input }}'), issues('[urgent] Hello')]).toEqual([[], [], [], []]);
  });

  it('outputs its value with types kept, and replies with it', async () => {
    const value = { reply: '{{ steps.draft.text }}', score: '{{ steps.draft.score }}', list: ['re: {{ input.message }}', 1, null] };
    const { result } = await runNode(output, { value }, world);
    const filled = { reply: 'Dear Ada', score: 0.9, list: ['re: Hi', 1, null] };
    expect(result).toEqual({ kind: 'done', output: filled, reply: { value: filled, status: 200, headers: {}, outcome: 'success' } });
  });

  it('uses status, headers, and outcome from its params', async () => {
    const params = { value: 'No', status: '{{ vars.code }}', outcome: 'failure' as const, headers: [{ name: 'X-Topic', value: 're: {{ input.message }}' }] };
    const { result } = await runNode(output, params, world);
    expect(result).toMatchObject({ reply: { value: 'No', status: 201, headers: { 'x-topic': 're: Hi' }, outcome: 'failure' } });
  });

  it.each(['100', '600', 'ok', '', '200.5'])('fails with a message if the status evaluates to %j', async (code) => {
    const failed = runNode(output, { value: null, status: '{{ vars.code }}' }, { scope: { vars: { code } } });
    await expect(failed).rejects.toMatchObject({ code: 'node-failed', message: expect.stringContaining('200 to 599') });
  });

  it('rejects a header that would add further headers', async () => {
    const failed = runNode(output, { value: null, headers: [{ name: 'x', value: 'a{{ vars.evil }}' }] }, { scope: { vars: { evil: '\r\nset-cookie: a=b' } } });
    await expect(failed).rejects.toMatchObject({ code: 'node-failed', message: expect.stringContaining('line break') });
  });

  it('reports an invalid status and headers before a run', () => {
    const headers = [
      { name: 'Content-Length', value: '1' },
      { name: 'a b', value: '' },
    ];
    expect(output.check({ value: null, status: 'fine', headers }).map(({ path }) => path.join('.'))).toEqual(['status', 'headers.0.name', 'headers.1.name']);
    expect(output.check({ value: null, status: '{{ vars.code }}' })).toEqual([]);
  });

  it('warns about headers that would be left out of the response', () => {
    const headers = [
      { name: 'Set-Cookie', value: 'a=b' },
      { name: 'clear-site-data', value: '*' },
      { name: 'content-type', value: 'text/plain, text/html' },
      { name: 'Content-Type', value: 'text/html; charset=utf-8' },
      { name: 'content-type', value: '{{ vars.type }}' },
      { name: 'x-topic', value: 'billing' },
    ];
    const issues = output.check({ value: null, headers });
    expect(issues.map(({ path, severity }) => `${path.join('.')} ${severity}`)).toEqual([
      'headers.0.name warning',
      'headers.1.name warning',
      'headers.2.value warning',
    ]);
    expect(issues[0]?.message).toContain('cookies');
  });
});
