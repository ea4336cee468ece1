import { expect, it } from 'vitest';
import { AppError } from '../errors.ts';
import { createScope } from './create-scope.ts';
import { resolveFields } from './resolve.ts';
import { compileTemplate } from './template.ts';

const scope = createScope({ trigger: {}, input: { a: 1, b: 'x/y z' }, steps: {}, previous: {}, round: 1, vars: { base: 'http://127.0.0.1:1/v1' }, run: {} });
const field = (path: (string | number)[], source: string, encode?: 'url') => ({ path, compiled: compileTemplate(source), ...(encode && { encode }) });

it('replaces templates in a copy and shares everything else', () => {
  const params = {
    text: '{{ input.a }}',
    rows: [
      { name: 'n', value: '{{ input.b }}' },
      { name: 'm', value: 'plain' },
    ],
    options: { deep: [1] },
  };
  const before = structuredClone(params);
  const resolved = resolveFields(params, [field(['text'], '{{ input.a }}'), field(['rows', 0, 'value'], '{{ input.b }}')], scope) as typeof params;
  expect(resolved).toEqual({
    text: 1,
    rows: [
      { name: 'n', value: 'x/y z' },
      { name: 'm', value: 'plain' },
    ],
    options: { deep: [1] },
  });
  expect(params).toEqual(before);
  expect(resolved.options).toBe(params.options);
  expect(resolved.rows[1]).toBe(params.rows[1]);
});

it('returns the same params if there is nothing to fill', () => {
  const params = { a: 1 };
  expect(resolveFields(params, [], scope)).toBe(params);
});

it('keeps values of the data separate from fields filled later', () => {
  const params = { a: '{{ input }}', b: '{{ input.a }}' };
  const resolved = resolveFields(params, [field(['a'], '{{ input }}'), field(['b'], '{{ input.a }}')], scope);
  expect(resolved).toEqual({ a: { a: 1, b: 'x/y z' }, b: 1 });
});

it('percent-encodes values within a URL, but not the base URL at its start (S26)', () => {
  const url = (source: string) => resolveFields({ url: source }, [field(['url'], source, 'url')], scope);
  expect(url('{{ vars.base }}/{{ input.b }}?q={{ input.b }}')).toEqual({ url: 'http://127.0.0.1:1/v1/x%2Fy%20z?q=x%2Fy%20z' });
  expect(url('{{ vars.base }}')).toEqual({ url: 'http://127.0.0.1:1/v1' });
});

it('names the failed field', () => {
  const failed = (() => {
    try {
      return resolveFields({ rows: ['{{ input.c }}'] }, [field(['rows', 0], '{{ input.c }}')], scope);
    } catch (thrown) {
      return thrown;
    }
  })();
  expect(failed).toBeInstanceOf(AppError);
  expect(failed).toMatchObject({ code: 'expression-failed', details: { field: 'rows.0', expression: ' input.c ' } });
  expect((failed as AppError).message).toMatch(/^rows\.0: “c” is missing from `input`/);
});
