import { describe, expect, it } from 'vitest';
import type { HttpAnswer, HttpRequest } from '../../sdk/context.ts';
import { runNode } from '../../sdk/run-node.fixture.ts';
import { tool } from '../tool.ts';

type Params = Parameters<typeof runNode<typeof tool.params>>[1];
const url = 'https://api.example.com/orders';
const call = (params: Partial<Params>, http: (request: HttpRequest) => Partial<HttpAnswer>, body: unknown = {}) =>
  runNode(tool, { url, ...params }, { body, http });
const json = (value: unknown, more: Partial<HttpAnswer> = {}): Partial<HttpAnswer> => ({ text: JSON.stringify(value), ...more });
const numberIn = (request: HttpRequest, name: string): number => Number(new URL(request.url).searchParams.get(name));

describe('pagination', () => {
  it('follows the Link header, on the same host only', async () => {
    const pages = { by: 'link', paceMs: 50 } as const;
    const { result, context } = await call({ pages }, ({ url: at }) =>
      at.endsWith('page=2') ? json([3]) : json([1, 2], { headers: { link: '</orders?page=2>; rel="next"' } }),
    );
    expect(result).toMatchObject({ output: { body: [1, 2, 3], pages: 2, more: false } });
    expect([context.requests.map((request) => request.url), context.pauses]).toEqual([[url, `${url}?page=2`], [50]]);
    const away = call({ pages }, () => json([1], { headers: { link: '<https://evil.example/>; rel="next"' } }));
    await expect(away).rejects.toMatchObject({ code: 'egress-refused' });
  });

  it('follows a link in the body', async () => {
    const { result } = await call({ pages: { by: 'link', items: 'data', next: 'paging.next' } }, ({ url: at }) =>
      at.includes('after') ? json({ data: ['b'], paging: {} }) : json({ data: ['a'], paging: { next: `${url}?after=1` } }),
    );
    expect(result).toMatchObject({ output: { body: ['a', 'b'], pages: 2 } });
  });

  it('sends the cursor in the query or in the body, and ends without one or with the same one', async () => {
    const paged = (cursor: unknown) => (cursor === 'c2' ? { list: [2], next: 'c2' } : { list: [1], next: 'c2' });
    const settings = { by: 'cursor', items: 'list', cursor: 'next', parameter: 'cursor' } as const;
    const query = await call({ pages: settings }, (request) => json(paged(new URL(request.url).searchParams.get('cursor'))));
    expect(query.result).toMatchObject({ output: { body: [1, 2], pages: 2, more: false } });
    const inBody = await call(
      { method: 'POST', bodyKind: 'json', json: { size: 10, page: { a: 1 } }, pages: { ...settings, place: 'body', parameter: 'page.after' } },
      ({ body = '' }) => json(paged(JSON.parse(body).page.after)),
    );
    expect(inBody.context.requests.map(({ body = '' }) => JSON.parse(body))).toEqual([
      { size: 10, page: { a: 1 } },
      { size: 10, page: { a: 1, after: 'c2' } },
    ]);
  });

  it('counts pages and offsets until one is empty, or the limit', async () => {
    const rows = [1, 2, 3, 4, 5];
    const byPage = await call({ pages: { by: 'page', parameter: 'p' } }, (request) =>
      json(rows.slice((numberIn(request, 'p') - 1) * 2, numberIn(request, 'p') * 2)),
    );
    expect(byPage.result).toMatchObject({ output: { body: rows, pages: 4, more: false } });
    const byOffset = await call({ pages: { by: 'offset', parameter: 'skip' } }, (request) =>
      json(rows.slice(numberIn(request, 'skip'), numberIn(request, 'skip') + 2)),
    );
    expect(byOffset.result).toMatchObject({ output: { body: rows, pages: 4 } });
    const limited = await call({ pages: { by: 'page', parameter: 'p', first: 0, maxPages: 3 } }, () => json([1]));
    expect(limited.result).toMatchObject({ output: { body: [1, 1, 1], pages: 3, more: true } });
  });

  it('fails if there is no list, or if the pages are too large together', async () => {
    await expect(call({ pages: { by: 'link', items: 'data' } }, () => json({ items: [] }))).rejects.toMatchObject({ code: 'not-a-list' });
    const large = call({ pages: { by: 'page', parameter: 'p' } }, () => json([1], { bytes: 20_000_000 }));
    await expect(large).rejects.toMatchObject({ code: 'too-large' });
  });
});

describe('batches', () => {
  const batches = { on: true, list: 'input.rows', size: 2, paceMs: 10 };

  it('send a list in parts, in order', async () => {
    const params = { method: 'POST', bodyKind: 'json', json: { dry: true }, batches: { ...batches, parameter: 'records' } } as const;
    const { result, context } = await call(params, ({ body = '' }) => json({ got: JSON.parse(body).records.length }), { rows: [1, 2, 3] });
    expect(context.requests.map(({ body = '' }) => JSON.parse(body))).toEqual([
      { dry: true, records: [1, 2] },
      { dry: true, records: [3] },
    ]);
    expect(result).toMatchObject({ output: { body: [{ got: 2 }, { got: 1 }], batches: 2 } });
    expect(context.pauses).toEqual([10]);
  });

  it('send nothing for an empty list, and reject anything else', async () => {
    const params = { method: 'POST', bodyKind: 'json', batches } as const;
    expect((await call(params, () => json(1), { rows: [] })).result).toMatchObject({ output: { body: [], batches: 0 } });
    await expect(call(params, () => json(1), { rows: 'x' })).rejects.toMatchObject({ code: 'not-a-list' });
  });
});

it('sends the cookies of a response with the next request', async () => {
  const { context } = await call({ cookies: true, pages: { by: 'page', parameter: 'p', maxPages: 2 } }, () => json([1], { cookies: { session: 's1' } }));
  expect(context.requests.map(({ cookies }) => cookies)).toEqual([{}, { session: 's1' }]);
});

it('says which statuses are worth a retry', async () => {
  const failure = (status: number) => call({ retryOn: '429, 5xx' }, () => ({ status })).catch(({ details }) => details);
  expect(await failure(503)).not.toHaveProperty('final');
  expect(await failure(404)).toMatchObject({ final: true });
});

it.each<[string, Partial<Params>]>([
  ['both', { method: 'POST', bodyKind: 'json', pages: { by: 'link' }, batches: { on: true, list: 'input.x' } }],
  ['text', { answer: 'text', pages: { by: 'link' } }],
  ['no parameter', { pages: { by: 'page' } }],
  ['no cursor', { pages: { by: 'cursor', parameter: 'c' } }],
  ['a wrong path', { pages: { by: 'link', items: 'a..b' } }],
  ['the body of a GET', { pages: { by: 'page', parameter: 'p', place: 'body' } }],
  ['batches without a body', { method: 'POST', batches: { on: true, list: 'input.x' } }],
  ['batches without a list', { method: 'POST', bodyKind: 'json', batches: { on: true } }],
  ['invalid statuses', { retryOn: 'often' }],
])('rejects %s before a run', (_, params) => {
  expect(tool.check({ url, ...params })).toHaveLength(1);
});
