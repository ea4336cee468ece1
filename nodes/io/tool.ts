import { AppError } from '@switchyard/shared/errors.ts';
import type { Effect } from '@switchyard/shared/graph/node-kind.ts';
import { JsonLimitError, readJson } from '@switchyard/shared/read-json.ts';
import { z } from 'zod';
import type { HttpAnswer } from '../sdk/context.ts';
import { defineNode, done } from '../sdk/define-node.ts';
import { field } from '../sdk/field.ts';
import { textInsteadOfJson } from '../sdk/json-issue.ts';
import { headerIssues, pairs } from '../sdk/pairs.ts';
import { isExpected, isStatusList } from './expected-status.ts';
import { placeholderIssues } from './placeholders.ts';
import { buildRequest } from './tool-request.ts';

const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS'] as const;
const EFFECTS = { auto: 'Based on method', idempotent: 'Safe to repeat', keyed: 'Uses Idempotency-Key', unsafe: 'Never repeat automatically' };

const params = z.object({
  method: field(z.enum(METHODS).default('GET'), { label: 'Method', control: 'select', row: 'address' }),
  url: field(z.string(), {
    label: 'URL',
    expression: 'template',
    encode: 'url',
    row: 'address',
    placeholder: 'https://api.example.com/orders/{{ input.orderId }}',
  }),
  query: pairs({ label: 'Query parameters' }).default([]),
  headers: pairs({ label: 'Headers' }).default([]),
  connectionId: field(z.string().optional(), {
    label: 'Authentication',
    control: 'connection',
    help: 'The secret is added when the request is sent. It never appears in a run.',
  }),
  bodyKind: field(z.enum(['none', 'json', 'form', 'text']).default('none'), {
    label: 'Body',
    control: 'segmented',
    choices: { none: 'None', json: 'JSON', form: 'Form', text: 'Text' },
  }),
  json: field(z.unknown().optional(), { label: 'JSON body', control: 'json', expression: 'tree', when: { field: 'bodyKind', is: ['json'] } }),
  form: pairs({ label: 'Form fields', when: { field: 'bodyKind', is: ['form'] } }).default([]),
  text: field(z.string().default(''), { label: 'Text body', control: 'long-text', expression: 'template', when: { field: 'bodyKind', is: ['text'] } }),
  answer: field(z.enum(['json', 'text']).default('json'), {
    label: 'Response format',
    control: 'segmented',
    row: 'answer',
    choices: { json: 'JSON', text: 'Text' },
  }),
  expected: field(z.string().default('2xx'), { label: 'Expected status', control: 'text', row: 'answer', placeholder: '2xx, 404' }),
  effect: field(z.enum(['auto', 'idempotent', 'keyed', 'unsafe']).default('auto'), {
    label: 'Retry safety',
    control: 'select',
    advanced: true,
    choices: EFFECTS,
    help: 'Whether the request may be sent again after a failure or crash. Based on method, POST and PATCH are never repeated automatically.',
  }),
  maxBytes: field(z.number().int().min(1).max(50_000_000).default(1_000_000), { label: 'Max response size', control: 'number', unit: 'bytes', advanced: true }),
  restore: field(z.boolean().default(false), {
    label: 'Send real values instead of tokens',
    control: 'switch',
    advanced: true,
    help: 'For a workflow whose data policy tokenizes values. The run keeps the tokens.',
  }),
});
type Params = z.output<typeof params>;

const help = `Sends a request to a URL. Private network addresses are blocked unless the operator allows them.

Values in the URL are percent-encoded: \`https://api.example.com/orders/{{ input.orderId }}\`. A URL that is a single expression is used as is. In a JSON body, a string that is a single expression keeps the type of its value.

Later nodes read \`steps.<key>.status\`, \`.headers\` (lowercase names), and \`.body\`, for example \`steps.orders.body.items[0].id\`. A status outside the expected ones (\`2xx\`, or a list such as \`2xx, 404\`) fails the step.

**Authentication** adds a stored secret or token when the request is sent. Add connections under *Connections* in the settings. The secret never appears in a run or log, and is never forwarded when a redirect leads to another host. If a connection must be reconnected, the run waits for up to a day.

A request from the palette or an import marks what you fill in as \`{name}\`.

A response larger than *Max response size* (1 MB by default, measured after decompression) fails the step.

**Retry safety** decides what happens when a request is interrupted. GET, PUT, and DELETE are sent again. POST and PATCH aren’t, unless the API supports \`Idempotency-Key\`; the key is the same on every attempt.`;

function effectOf({ effect, method }: Params): Effect {
  if (effect !== 'auto') return effect;
  return method === 'POST' || method === 'PATCH' ? 'unsafe' : 'idempotent';
}

/** Seconds or a date (RFC 9110 §10.2.3), as ms from now. */
function retryAfter(value: string | undefined, now: Date): number | undefined {
  if (value === undefined) return undefined;
  const ms = /^\d+$/.test(value) ? Number(value) * 1_000 : Date.parse(value) - now.getTime();
  return Number.isFinite(ms) ? Math.max(0, ms) : undefined;
}

function refuse(answer: HttpAnswer, where: string, { expected }: Params, now: Date): never {
  throw new AppError('unexpected-status', `${where} returned ${answer.status}, but ${expected} was expected.`, {
    details: { status: answer.status, body: answer.text.slice(0, 500) },
    retryAfterMs: retryAfter(answer.headers['retry-after'], now),
    // 429 means nothing was done, so even an unsafe request may be sent again (S11).
    beforeEffect: answer.status === 429,
  });
}

function bodyOf(answer: HttpAnswer, where: string, kind: Params['answer']): unknown {
  if (kind === 'text') return answer.text;
  if (answer.text.trim() === '') return null;
  const details = { body: answer.text.slice(0, 500) };
  try {
    return readJson(answer.text);
  } catch (cause) {
    const what = cause instanceof JsonLimitError ? `with JSON that ${cause.message}` : 'with a body that isn’t JSON';
    throw new AppError('bad-response', `${where} returned ${answer.status} ${what}. Set the response format to Text, or check the URL.`, { details, cause });
  }
}

/** Host and last part of the path, for the card. */
function place(url: string): string {
  const [, host = url, path = ''] = url.match(/^\s*https?:\/\/([^/?#]+)([^?#]*)/i) ?? [];
  const last = path
    .split('/')
    .filter((part) => part !== '' && !part.includes('{{'))
    .at(-1);
  return last ? `${host} → **${last}**` : host;
}

export const tool = defineNode({
  type: 'tool',
  version: 1,
  title: 'HTTP request',
  icon: 'IconApi',
  category: 'tools',
  summary: 'Call any API over HTTP',
  keywords: ['api', 'fetch', 'rest', 'curl', 'url', 'get', 'post', 'call', 'webhook', 'slack', 'email', 'mail', 'send', 'database', 'tool', 'notify'],
  help,
  params,
  defaults: { url: '' },
  example: {
    method: 'POST',
    url: 'https://api.example.com/orders/{{ input.orderId }}',
    query: [{ name: 'lang', value: 'en' }],
    headers: [{ name: 'Accept', value: 'application/json' }],
    bodyKind: 'json',
    json: { note: '{{ input.message }}' },
  },
  line: ({ method, url }) => (url.trim() === '' ? `${method} · no URL yet` : `${method} ${place(url)}`),
  output: ({ answer }) => ({
    type: 'object',
    properties: {
      status: { type: 'integer' },
      headers: { type: 'object', additionalProperties: { type: 'string' } },
      body: answer === 'text' ? { type: 'string' } : {},
    },
    required: ['status', 'headers', 'body'],
    additionalProperties: false,
  }),
  effect: effectOf,
  check: ({ url, headers, expected, method, bodyKind, json, query, form }) => [
    ...placeholderIssues({ url, query, form, json, bodyKind }),
    ...(bodyKind === 'json' ? textInsteadOfJson(['json'], json, 'set the body to text') : []),
    ...(url.trim() === '' ? [{ path: ['url'], message: 'Enter the URL' }] : []),
    ...(url.trim() !== '' && !url.includes('{{') && !/^\s*https?:\/\/[^/]/i.test(url)
      ? [{ path: ['url'], message: 'The URL must start with https:// or http://' }]
      : []),
    ...headerIssues(['headers'], headers),
    ...(isStatusList(expected) ? [] : [{ path: ['expected'], message: 'Enter statuses as 2xx, or as a list: 2xx, 404' }]),
    ...((method === 'GET' || method === 'HEAD') && bodyKind !== 'none' ? [{ path: ['bodyKind'], message: `A ${method} request can’t have a body` }] : []),
  ],
  async run({ params, context }) {
    const request = buildRequest(params, effectOf(params) === 'keyed');
    const where = `${request.method} ${URL.parse(request.url)?.host ?? ''}`;
    const accept = (answer: HttpAnswer): void => {
      if (!isExpected(answer.status, params.expected)) refuse(answer, where, params, context.now());
      bodyOf(answer, where, params.answer);
    };
    const answer = await context.http(request, accept);
    return done({ status: answer.status, headers: answer.headers, body: bodyOf(answer, where, params.answer) });
  },
});
