import { isPlainObject } from '@switchyard/shared/json.ts';
import { bodyHtml, escapeHtml, schemaHtml } from './api-docs-schema.ts';
import { PAGE_STYLE } from './api-docs-style.ts';

/*
 * The API reference page, generated from the OpenAPI document. No scripts and no outside resources: the search is a form that loads
 * the page again. All text is escaped.
 */

interface Operation {
  readonly method: string;
  readonly path: string;
  readonly id: string;
  readonly summary: string;
  readonly tag: string;
  readonly parameters: readonly Parameter[];
  readonly body: unknown;
  readonly responses: readonly (readonly [status: string, response: Record<string, unknown>])[];
}

interface Parameter {
  readonly name: string;
  readonly in: string;
  readonly required: boolean;
  readonly schema: unknown;
}

/** The page. With `search`, only the operations whose path, name, or summary contains all its words. */
export function apiDocsPage(document: Record<string, unknown>, search: string): string {
  const all = operationsOf(document);
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  const shown = all.filter((operation) => words.every((word) => searchable(operation).includes(word)));
  const tags = [...new Set(all.map(({ tag }) => tag))].filter((tag) => shown.some((operation) => operation.tag === tag));
  const { version } = document.info as { version: string };
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Switchyard API</title>
<style>${PAGE_STYLE}</style>
</head>
<body>
<header>
<h1>Switchyard API</h1>
<p>Version ${escapeHtml(version)}. JSON in and out; errors are <code>application/problem+json</code> with a <code>code</code>. For programs: <a href="/api/openapi.json">openapi.json</a>.</p>
<form role="search" action="/api/docs"><label for="q">Search</label><input id="q" name="q" type="search" value="${escapeHtml(search)}" placeholder="runs, webhook, publish…"><button>Search</button>${words.length > 0 ? '<a href="/api/docs">Show all</a>' : ''}</form>
</header>
<nav aria-label="Groups">${tags.map((tag) => `<a href="#${anchor(tag)}">${escapeHtml(tag)}</a>`).join('')}</nav>
<main>
<p class="count" role="status">${countWords(shown.length, all.length)}</p>
${tags.map((tag) => groupHtml(tag, shown)).join('\n')}
</main>
</body>
</html>
`;
}

const countWords = (shown: number, all: number): string =>
  shown === all ? `${all} operations` : shown === 0 ? 'No operations match.' : `${shown} of ${all} operations`;

const searchable = ({ method, path, id, summary, tag }: Operation): string => `${method} ${path} ${id} ${summary} ${tag}`.toLowerCase();
const anchor = (tag: string): string => encodeURIComponent(tag.toLowerCase().replace(/[^a-z0-9]+/g, '-'));

const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'];
/** Sorted by path, reads before writes. */
const byPath = (one: Operation, other: Operation): number =>
  one.path.localeCompare(other.path, 'en') || METHODS.indexOf(one.method) - METHODS.indexOf(other.method);

const groupHtml = (tag: string, shown: readonly Operation[]): string =>
  `<section id="${anchor(tag)}"><h2>${escapeHtml(tag)}</h2>${shown
    .filter((operation) => operation.tag === tag)
    .sort(byPath)
    .map(operationHtml)
    .join('')}</section>`;

function operationHtml({ method, path, id, summary, parameters, body, responses }: Operation): string {
  return `<details id="${escapeHtml(id)}"><summary><span class="method ${escapeHtml(method.toLowerCase())}">${escapeHtml(method)}</span> <code>${escapeHtml(path)}</code> <span class="what">${withCode(summary)}</span></summary>
<div class="call">${parameters.length > 0 ? `<h3>Parameters</h3>${parametersHtml(parameters)}` : ''}${body === undefined ? '' : `<h3>Body</h3>${bodyHtml(body)}`}<h3>Responses</h3><dl>${responses
    .map(([status, response]) => `<dt>${escapeHtml(status)}</dt><dd>${responseHtml(response)}</dd>`)
    .join('')}</dl></div></details>`;
}

/** Escapes a text and turns backticks into code. */
const withCode = (words: string): string => escapeHtml(words).replace(/`([^`]+)`/g, '<code>$1</code>');

const parametersHtml = (parameters: readonly Parameter[]): string =>
  `<ul>${parameters.map(({ name, in: place, required, schema }) => `<li><code>${escapeHtml(name)}</code> ${escapeHtml(place)}${required ? ', required' : ''}: ${schemaHtml(schema)}</li>`).join('')}</ul>`;

/** All errors have the same shape, so it is not repeated. */
function responseHtml({ description, content }: Record<string, unknown>): string {
  const said = withCode(String(description));
  const schema = isPlainObject(content) && isPlainObject(content['application/json']) ? content['application/json'].schema : undefined;
  return schema === undefined ? said : `${said}${bodyHtml(schema)}`;
}

function operationsOf(document: Record<string, unknown>): Operation[] {
  const paths = document.paths as Record<string, Record<string, Record<string, unknown>>>;
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]): Operation => {
      const { operationId, summary, tags, parameters, requestBody, responses } = operation;
      const body = requestBody as { content: { 'application/json': { schema: unknown } } } | undefined;
      return {
        method: method.toUpperCase(),
        path,
        id: String(operationId),
        summary: String(summary),
        tag: String((tags as string[])[0]),
        parameters: parameters as Parameter[],
        body: body?.content['application/json'].schema,
        // Any operation can fail in other ways, which is not repeated for each.
        responses: Object.entries(responses as Record<string, Record<string, unknown>>).filter(([status]) => status !== 'default'),
      };
    }),
  );
}
