import { leftOut } from '../../left-out.ts';
import { type View, viewAt } from '../view.ts';
import { type At, bodyList, type Kind, plain, record, rows, text } from './kind.ts';
import { pagedOf } from './pages.ts';

/** The connection to choose for a credential of n8n, of which the file has only the name. */
export function connectionOf({ node: { credentials } }: Pick<At, 'node'>): { connectionId?: string } {
  const [first] = Object.entries(credentials ?? {});
  return first ? { connectionId: leftOut(text(record(first[1]).name) || first[0]) } : {};
}

const responseView =
  (output: string): View =>
  (path) => {
    const [part, ...rest] = path;
    return { root: output, path: part === 'statusCode' ? ['status', ...rest] : path };
  };

const pairs = (value: unknown, { texts }: At) =>
  rows(value)
    .map(({ name, value }) => ({ name: plain(name), value: texts.template(value) }))
    .filter(({ name }) => name !== '');

type Body = Readonly<Record<string, unknown>>;

/** The body since version 3. */
function modernBody(at: At): Body | string {
  const { params, texts } = at;
  if (params.sendBody !== true) return { bodyKind: 'none' };
  const kind = text(params.contentType) || 'json';
  if (kind === 'multipart-form-data' || kind === 'binaryData') return 'it sends a file';
  const fields = pairs(record(params.bodyParameters).parameters, at);
  if (kind === 'raw') return { bodyKind: 'text', text: texts.template(params.body) };
  if (kind === 'form-urlencoded')
    return params.specifyBody === 'string' ? { bodyKind: 'text', text: texts.template(params.body) } : { bodyKind: 'form', form: fields };
  if (params.specifyBody === 'json') return { bodyKind: 'json', json: texts.tree(params.jsonBody) };
  return { bodyKind: 'json', json: Object.fromEntries(fields.map(({ name, value }) => [name, value])) };
}

/** The body of versions 1 and 2. */
function earlyBody(at: At): Body | string {
  const { params, texts } = at;
  if (params.sendBinaryData === true) return 'it sends a file';
  const fields = pairs(record(params.bodyParametersUi).parameter, at);
  const kind = text(record(params.options).bodyContentType) || 'json';
  if (kind === 'multipart-form-data') return 'it sends a file';
  if (params.jsonParameters === true) {
    const json = params.bodyParametersJson;
    return text(json) === '' ? { bodyKind: 'none' } : { bodyKind: 'json', json: texts.tree(json) };
  }
  if (fields.length === 0) return { bodyKind: 'none' };
  if (kind === 'form-urlencoded') return { bodyKind: 'form', form: fields };
  return { bodyKind: 'json', json: Object.fromEntries(fields.map(({ name, value }) => [name, value])) };
}

/** Headers or query parameters given as JSON. */
function jsonPairs(value: unknown, at: At) {
  return Object.entries(record(at.texts.tree(value))).map(([name, inner]) => ({ name, value: typeof inner === 'string' ? inner : JSON.stringify(inner) }));
}

function listsOf(at: At) {
  const { params } = at;
  if (at.node.typeVersion >= 3) {
    return {
      query:
        params.sendQuery === true
          ? params.specifyQuery === 'json'
            ? jsonPairs(params.jsonQuery, at)
            : pairs(record(params.queryParameters).parameters, at)
          : [],
      headers:
        params.sendHeaders === true
          ? params.specifyHeaders === 'json'
            ? jsonPairs(params.jsonHeaders, at)
            : pairs(record(params.headerParameters).parameters, at)
          : [],
    };
  }
  const isJson = params.jsonParameters === true;
  return {
    query: isJson ? jsonPairs(params.queryParametersJson, at) : pairs(record(params.queryParametersUi).parameter, at),
    headers: isJson ? jsonPairs(params.headerParametersJson, at) : pairs(record(params.headerParametersUi).parameter, at),
  };
}

const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS'];

export const httpRequest: Kind = (at) => {
  const { params, texts, output, note, node } = at;
  const options = record(params.options);
  const response = record(record(options.response).response);
  const format = text(response.responseFormat ?? params.responseFormat);
  if (format === 'file') return 'it downloads a file';
  const method = text(node.typeVersion >= 3 ? params.method : params.requestMethod) || 'GET';
  if (!METHODS.includes(method)) return `its method is ${method.slice(0, 20)}`;
  const body = node.typeVersion >= 3 ? modernBody(at) : earlyBody(at);
  if (typeof body === 'string') return body;
  for (const [name, what] of [
    ['batching', 'batches'],
    ['proxy', 'a proxy'],
  ] as const) {
    if (options[name] !== undefined && name in options) note(`It used ${what}. Set that up in this node.`);
  }
  const isFull = response.fullResponse === true || options.fullResponse === true;
  const paged = isFull ? undefined : pagedOf(at);
  const redirect = record(record(options.redirect).redirect);
  const timeout = Number(options.timeout);
  const neverFails = response.neverError === true || options.ignoreResponseCode === true;
  return {
    type: 'tool',
    params: {
      method,
      url: texts.template(params.url),
      ...listsOf(at),
      ...body,
      ...connectionOf(at),
      answer: format === 'text' || format === 'string' ? 'text' : 'json',
      ...(neverFails && { expected: '2xx, 3xx, 4xx, 5xx' }),
      ...((redirect.followRedirects === false || options.followRedirect === false) && { redirects: 'return' }),
      ...(paged && { pages: paged.pages }),
    },
    ...(timeout >= 1 && timeout <= 86_400_000 && { timeoutMs: Math.floor(timeout) }),
    item: paged
      ? paged.item
      : isFull
        ? responseView(output)
        : format === 'text' || format === 'string'
          ? (path) => ({ root: output, path: ['body', ...path.slice(1)] })
          : viewAt(output, 'body'),
    ...(!isFull && format !== 'text' && { list: bodyList(output) }),
  };
};
