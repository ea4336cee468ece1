import { isPlainObject } from '@switchyard/shared/json.ts';
import { type ImportedRequest, isCredential, isLeftOut, type NamedText, titleOf } from './imported.ts';

/* Reads the operations of an OpenAPI 3 or Swagger 2 document. References to other files are not followed. */

export interface ApiOperation {
  /** `POST /orders/{id}`. */
  readonly id: string;
  readonly method: string;
  readonly path: string;
  readonly summary: string;
  readonly request: () => ImportedRequest;
}

export interface ApiDocument {
  readonly title: string;
  readonly operations: readonly ApiOperation[];
}

type Obj = Readonly<Record<string, unknown>>;

const METHODS = ['get', 'post', 'put', 'patch', 'delete', 'head', 'options'];
const MOST_DEPTH = 6;
const MOST_FIELDS = 60;
const MOST_VALUES = 300;

/** Throws a sentence if the document isn’t one of these. */
export function fromOpenApi(document: unknown): ApiDocument {
  if (!isPlainObject(document) || !isPlainObject(document.paths) || !('openapi' in document || 'swagger' in document))
    throw new Error('This is not an OpenAPI document: “openapi” and “paths” are missing.');
  const operations = Object.entries(document.paths).flatMap(([path, item]) =>
    METHODS.flatMap((method): ApiOperation[] => {
      const shared = resolved(document, item);
      const operation = shared && resolved(document, shared[method]);
      if (!shared || !operation) return [];
      const summary = textIn(operation, 'summary') ?? textIn(operation, 'operationId') ?? '';
      const upper = method.toUpperCase();
      return [
        { id: `${upper} ${path}`, method: upper, path, summary, request: () => requestOf({ document, path, method: upper, shared, operation, summary }) },
      ];
    }),
  );
  if (operations.length === 0) throw new Error('This document has no operations.');
  return { title: textIn(isPlainObject(document.info) ? document.info : {}, 'title') ?? 'API', operations };
}

interface Found {
  readonly document: Obj;
  readonly path: string;
  readonly method: string;
  readonly shared: Obj;
  readonly operation: Obj;
  readonly summary: string;
}

function requestOf({ document, path, method, shared, operation, summary }: Found): ImportedRequest {
  const server = serverOf(document, shared, operation);
  const url = `${server ?? 'https://api.example.com'}${path.replace(/\{([^}]+)\}/g, (_, name: string) => placeholder(name))}`;
  const parameters = objectsOf(document, [...listIn(shared, 'parameters'), ...listIn(operation, 'parameters')]);
  const named = (place: string): NamedText[] =>
    parameters
      .filter((one) => one.in === place && one.required === true && typeof one.name === 'string')
      .map((one) => ({ name: String(one.name), value: parameterText(document, one) }));
  const headers = named('header').filter(({ name }) => !isCredential(name) && !isLeftOut(name));
  const query = named('query').filter(({ name }) => !isCredential(name));
  const needsAuth = [...listIn(operation, 'security'), ...(operation.security === undefined ? listIn(document, 'security') : [])].length > 0;
  return {
    title: (summary || titleOf(method, url)).slice(0, 60),
    params: { method, url, ...(query.length > 0 && { query }), ...(headers.length > 0 && { headers }), ...bodyOf(document, operation, parameters) },
    notes: [
      ...(server === undefined ? ['The document names no server. Replace https://api.example.com in the URL.'] : []),
      ...(needsAuth ? ['This operation needs authentication. Choose a connection.'] : []),
    ],
  };
}

const placeholder = (name: string): string => `{${name.replace(/\W+/g, '_').replace(/^(?=[^A-Za-z])/, 'p')}}`;

/** The default or example of a parameter, or its placeholder. */
function parameterText(document: Obj, parameter: Obj): string {
  const schema = resolved(document, parameter.schema) ?? parameter;
  const known = parameter.example ?? schema.default ?? schema.example ?? listIn(schema, 'enum')[0];
  return ['string', 'number', 'boolean'].includes(typeof known) ? String(known) : placeholder(String(parameter.name));
}

function serverOf(document: Obj, shared: Obj, operation: Obj): string | undefined {
  const [server] = [...listIn(operation, 'servers'), ...listIn(shared, 'servers'), ...listIn(document, 'servers')];
  const variables = isPlainObject(server) && isPlainObject(server.variables) ? server.variables : {};
  const named = (name: string): string => {
    const variable = variables[name];
    return isPlainObject(variable) && typeof variable.default === 'string' ? variable.default : placeholder(name);
  };
  const url = isPlainObject(server) ? textIn(server, 'url')?.replace(/\{([^}]+)\}/g, (_, name: string) => named(name)) : undefined;
  if (url !== undefined) return /^https?:\/\//i.test(url) ? url.replace(/\/+$/, '') : undefined;
  const host = textIn(document, 'host');
  const scheme = listIn(document, 'schemes').includes('http') && !listIn(document, 'schemes').includes('https') ? 'http' : 'https';
  return host === undefined ? undefined : `${scheme}://${host}${(textIn(document, 'basePath') ?? '').replace(/\/+$/, '')}`;
}

function bodyOf(document: Obj, operation: Obj, parameters: readonly Obj[]): Obj {
  const content = resolved(document, operation.requestBody)?.content;
  const types = isPlainObject(content) ? Object.entries(content) : [];
  const [type, media] = types.find(([name]) => /json/i.test(name)) ?? types[0] ?? [];
  const schema = isPlainObject(media) ? media.schema : parameters.find((one) => one.in === 'body')?.schema;
  if (schema === undefined && !isPlainObject(media)) return {};
  const example = isPlainObject(media) && media.example !== undefined ? media.example : sample({ document, left: MOST_VALUES }, schema, '', 0);
  if (type !== undefined && /form-urlencoded/i.test(type) && isPlainObject(example))
    return {
      bodyKind: 'form',
      form: Object.entries(example).map(([name, value]) => ({ name, value: typeof value === 'string' ? value : JSON.stringify(value) })),
    };
  if (type !== undefined && !/json/i.test(type)) return { bodyKind: 'text', text: typeof example === 'string' ? example : '' };
  return { bodyKind: 'json', json: example };
}

/** Schemas may refer to each other many times over, so the number of values is limited. */
interface Sampling {
  readonly document: Obj;
  left: number;
}

/** A value of this schema: its example, or its required fields with placeholders. */
function sample(within: Sampling, given: unknown, name: string, depth: number): unknown {
  const { document } = within;
  const schema = resolved(document, given);
  if (within.left-- <= 0 || !schema || depth > MOST_DEPTH) return null;
  const known = schema.example ?? schema.default ?? listIn(schema, 'enum')[0];
  if (known !== undefined) return known;
  const [part] = [...listIn(schema, 'oneOf'), ...listIn(schema, 'anyOf')];
  if (part !== undefined) return sample(within, part, name, depth + 1);
  const parts = [schema, ...objectsOf(document, listIn(schema, 'allOf'))];
  const properties: [string, unknown][] = parts.flatMap((one) => (isPlainObject(one.properties) ? Object.entries(one.properties) : []));
  if (properties.length > 0) {
    const required = new Set(parts.flatMap((one) => listIn(one, 'required')));
    const shown = required.size > 0 ? properties.filter(([field]) => required.has(field)) : properties;
    const values: Record<string, unknown> = {};
    for (const [field, of] of shown.slice(0, MOST_FIELDS)) if (within.left > 0) values[field] = sample(within, of, field, depth + 1);
    return values;
  }
  if (schema.type === 'array') return [sample(within, schema.items, name, depth + 1)];
  if (schema.type === 'object') return {};
  return name === '' ? null : placeholder(name);
}

const objectsOf = (document: Obj, list: readonly unknown[]): Obj[] => list.map((one) => resolved(document, one)).filter((one) => one !== undefined);

/** The object itself, or the one in the document that it refers to. */
function resolved(document: Obj, value: unknown): Obj | undefined {
  let found = value;
  for (let hops = 0; hops < MOST_DEPTH && isPlainObject(found) && typeof found.$ref === 'string'; hops++) {
    const steps = found.$ref.startsWith('#/') ? found.$ref.slice(2).split('/') : [];
    found = steps.reduce<unknown>(
      (at, step) => (isPlainObject(at) ? at[decodeURIComponent(step).replaceAll('~1', '/').replaceAll('~0', '~')] : undefined),
      document,
    );
  }
  return isPlainObject(found) && !('$ref' in found) ? found : undefined;
}

const textIn = (value: Obj, name: string): string | undefined => (typeof value[name] === 'string' && value[name] !== '' ? value[name] : undefined);
const listIn = (value: Obj, name: string): readonly unknown[] => (Array.isArray(value[name]) ? value[name] : []);
