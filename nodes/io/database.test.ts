import { expect, test } from 'vitest';
import { runNode } from '../sdk/run-node.fixture.ts';
import { database } from './database.ts';

const base = { connectionId: 'con_1', statement: 'SELECT $1' };
const answer = { value: null, rows: [{ a: 1 }], count: 1, truncated: false };

test('binds parameters with their types, and returns the rows', async () => {
  const requests: unknown[] = [];
  const ask = async (request: unknown) => {
    requests.push(request);
    return answer;
  };
  const { result } = await runNode(database, { ...base, parameters: ['{{ input.id }}', 'x'] }, { body: { id: 7 }, database: ask });
  expect(requests).toEqual([{ ...base, parameters: [7, 'x'], readOnly: true, maxRows: 1_000, maxBytes: 1_000_000, timeoutMs: 30_000 }]);
  expect(result).toMatchObject({ output: { row: { a: 1 }, rows: [{ a: 1 }], count: 1, truncated: false, value: null } });
});

test('an expression in the statement is a problem that names the fix', () => {
  expect(database.check({ ...base, statement: 'SELECT {{ input.id }}', parameters: [] })).toMatchObject([
    { path: ['statement'], suggestion: expect.stringContaining('$1') },
  ]);
  expect(database.check(base)).toMatchObject([{ path: ['parameters'], message: expect.stringContaining('$1') }]);
  expect(database.check({ ...base, parameters: { a: 1 } })).toMatchObject([{ path: ['parameters'], message: 'Enter a list' }]);
  expect(database.check({ ...base, parameters: ['x'] })).toEqual([]);
});

test('is repeated after a crash only if it reads', async () => {
  expect([database.effect(base), database.effect({ ...base, readOnly: false })]).toEqual(['idempotent', 'unsafe']);
  await expect(runNode(database, { ...base, parameters: '{{ input.id }}' }, { body: { id: 7 } })).rejects.toMatchObject({ code: 'bad-request' });
});
