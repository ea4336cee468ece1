import { AppError } from '@switchyard/shared/errors.ts';
import { FILE_SCHEMA } from '@switchyard/shared/files/file-schema.ts';
import type { Effect } from '@switchyard/shared/graph/node-kind.ts';
import { type JsonSchema, jsonSchema } from '@switchyard/shared/json.ts';
import { schemaIssues } from '@switchyard/shared/json-schema/schema-issues.ts';
import { JsonLimitError, readJson } from '@switchyard/shared/read-json.ts';
import { z } from 'zod';
import { type HttpAnswer, type HttpRequest, REDIRECTS } from '../sdk/context.ts';
import { defineNode, done } from '../sdk/define-node.ts';
import { field } from '../sdk/field.ts';
import { fileParam } from '../sdk/file-param.ts';
import { textInsteadOfJson } from '../sdk/json-issue.ts';
import { headerIssues, pairs } from '../sdk/pairs.ts';
import { isExpected, isStatusList } from './expected-status.ts';
import { manyIssues } from './http/many-issues.ts';
import { batches, pages } from './http/many-requests.ts';
import { readPages, sendBatches } from './http/send-many.ts';
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
  bodyKind: field(z.enum(['none', 'json', 'form', 'text', 'multipart', 'file']).default('none'), {
    label: 'Body',
    control: 'select',
    choices: { none: 'None', json: 'JSON', form: 'Form', text: 'Text', multipart: 'Form with files', file: 'File' },
  }),
  json: field(z.unknown().optional(), { label: 'JSON body', control: 'json', expression: 'tree', when: { field: 'bodyKind', is: ['json'] } }),
  form: pairs({ label: 'Form fields', when: { field: 'bodyKind', is: ['form', 'multipart'] } }).default([]),
  text: field(z.string().default(''), { label: 'Text body', control: 'long-text', expression: 'template', when: { field: 'bodyKind', is: ['text'] } }),
  file: field(fileParam.default(''), {
    label: 'File',
    control: 'text',
    expression: 'template',
    placeholder: '{{ input.invoice }}',
    when: { field: 'bodyKind', is: ['file'] },
  }),
  answer: field(z.enum(['json', 'text', 'file']).default('json'), {
    label: 'Response format',
    control: 'segmented',
    row: 'answer',
    choices: { json: 'JSON', text: 'Text', file: 'File' },
  }),
  expected: field(z.string().default('2xx'), { label: 'Expected status', control: 'text', row: 'answer', placeholder: '2xx, 404' }),
  effect: field(z.enum(['auto', 'idempotent', 'keyed', 'unsafe']).default('auto'), {
    label: 'Retry safety',
    control: 'select',
    advanced: true,
    choices: EFFECTS,
    help: 'Whether the request may be sent again after a failure or crash. Based on method, POST and PATCH are never repeated automatically.',
  }),
  retryOn: field(z.string().default(''), {
    label: 'Retry on status',
    control: 'text',
    advanced: true,
    placeholder: '429, 5xx',
    help: 'Which unexpected statuses the retries under *Error handling* repeat. Leave empty for all.',
  }),
  redirects: field(z.enum(REDIRECTS).default('follow'), {
    label: 'Redirects',
    control: 'select',
    advanced: true,
    choices: { follow: 'Follow', 'same-origin': 'Follow on the same host', return: 'Return the redirect' },
  }),
  cookies: field(z.boolean().default(false), {
    label: 'Keep cookies',
    control: 'switch',
    advanced: true,
    help: 'Sends cookies that the server sets back to it, for redirects, pages, and batches of this step.',
  }),
  pages,
  batches,
  schema: field(jsonSchema.optional(), {
    label: 'Response schema',
    control: 'response-schema',
    when: { field: 'answer', is: ['json'] },
    help: 'What the body looks like. Later nodes get autocomplete and checks for its fields. Responses are not rejected by it.',
  }),
  maxBytes: field(z.number().int().min(1).max(50_000_000).default(1_000_000), {
    label: 'Max response size',
    control: 'number',
    unit: 'bytes',
    advanced: true,
    when: { field: 'answer', is: ['json', 'text'] },
  }),
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

**Files** are sent as the body, or in a *Form with files*, where a field that is the single expression of a file becomes the file. With the response format *File*, \`.body\` is the response as a file of up to 20 MB, and an empty response is null.

A request from the palette or an import marks what you fill in as \`{name}\`.

**Pagination** requests page after page and collects their items: \`.body\` is then the list of all items, \`.pages\` the number of pages, and \`.more\` whether *Max pages* was reached before the last one. Pages by number or offset end with the first empty page. **Batches** send a list in parts: \`.body\` is then the list of all responses. Each page and batch is sent once, also if the step is retried or the server restarts in between.

A response larger than *Max response size* (1 MB by default, measured after decompression) fails the step, and so do pages or batches of more than 50 MB together.

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

function refuse(answer: HttpAnswer, where: string, { expected, retryOn }: Params, now: Date): never {
  const isFinal = retryOn.trim() !== '' && !isExpected(answer.status, retryOn);
  throw new AppError('unexpected-status', `${where} returned ${answer.status}, but ${expected} was expected.`, {
    details: { status: answer.status, body: answer.text.slice(0, 500), ...(isFinal && { final: true }) },
    retryAfterMs: retryAfter(answer.headers['retry-after'], now),
    // 429 means nothing was done, so even an unsafe request may be sent again (S11).
    beforeEffect: answer.status === 429,
  });
}

function bodyOf(answer: HttpAnswer, where: string, kind: Params['answer']): unknown {
  if (answer.file) return answer.file.bytes === 0 ? null : answer.file;
  if (kind !== 'json') return answer.text;
  if (answer.text.trim() === '') return null;
  const details = { body: answer.text.slice(0, 500) };
  try {
    return readJson(answer.text);
  } catch (cause) {
    const what = cause instanceof JsonLimitError ? `with JSON that ${cause.message}` : 'with a body that isn’t JSON';
    throw new AppError('bad-response', `${where} returned ${answer.status} ${what}. Set the response format to Text, or check the URL.`, { details, cause });
  }
}

/** The schema of the output: of one response, or of all pages or batches. */
function outputOf({ answer, schema, pages: { by }, batches: { on } }: Params): JsonSchema {
  const isMany = on || by !== 'none';
  const many: Record<string, JsonSchema> = on
    ? { batches: { type: 'integer' } }
    : by !== 'none'
      ? { pages: { type: 'integer' }, more: { type: 'boolean' } }
      : {};
  const body: JsonSchema = answer === 'json' && schema ? schema : isMany ? { type: 'array' } : ONE_BODY[answer];
  const properties = { status: { type: 'integer' }, headers: { type: 'object', additionalProperties: { type: 'string' } }, body, ...many };
  return { type: 'object', properties, required: Object.keys(properties), additionalProperties: false };
}

const ONE_BODY: Readonly<Record<Params['answer'], JsonSchema>> = { json: {}, text: { type: 'string' }, file: FILE_SCHEMA };

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
  output: outputOf,
  effect: effectOf,
  check: ({ url, headers, expected, retryOn, method, bodyKind, json, file, query, form, answer, pages, batches, schema }) => [
    ...manyIssues({ pages, batches, method, bodyKind, answer }),
    ...(schema ? schemaIssues(['schema'], schema) : []),
    ...(retryOn.trim() === '' || isStatusList(retryOn) ? [] : [{ path: ['retryOn'], message: 'Enter statuses as 5xx, or as a list: 429, 503' }]),
    ...placeholderIssues({ url, query, form, json, bodyKind }),
    ...(bodyKind === 'json' ? textInsteadOfJson(['json'], json, 'set the body to text') : []),
    ...(bodyKind === 'file' && file.trim() === '' ? [{ path: ['file'], message: 'Enter the file', suggestion: 'For example, {{ input.invoice }}' }] : []),
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
    let jar: HttpRequest['cookies'] = params.cookies ? {} : undefined;
    const send = async (next: HttpRequest) => {
      const answer = await context.http({ ...next, ...(jar && { cookies: jar }) }, accept);
      jar &&= answer.cookies ?? {};
      return { answer, body: bodyOf(answer, where, params.answer) };
    };
    const requestWith = (json: unknown) => buildRequest({ ...params, json }, effectOf(params) === 'keyed');
    const sending = { context, send, requestWith, request, json: params.json };
    if (params.batches.on) return done(await sendBatches(sending, params.batches));
    if (params.pages.by !== 'none') return done(await readPages(sending, params.pages));
    const { answer, body } = await send(request);
    return done({ status: answer.status, headers: answer.headers, body });
  },
});
