import { type View, viewAt } from '../view.ts';
import { type At, bodyList, plain, record, rows, text } from './kind.ts';

/* Pagination of HTTP requests. n8n says by expressions where the next page is; those of the common kinds have settings here. */

interface Paged {
  readonly pages: Readonly<Record<string, unknown>>;
  readonly item: View;
  readonly list: string;
}

const MEMBER = String.raw`(?:\??\.\w+|\??\.?\[\s*(?:'[^']*'|"[^"]*"|\d+)\s*\])`;
const BODY = new RegExp(String.raw`^=\{\{\s*\$response\.body(${MEMBER}+)\s*\}\}$`);
const LINK = /^=\{\{[\s\S]*\$response\.headers\??\.?\[?['"]?link\b/i;

/** `data.next`, from `{{ $response.body.data.next }}`. */
function bodyPath(value: unknown): string | undefined {
  const members = BODY.exec(text(value))?.[1];
  return members
    ?.replace(/\?\.(?=\[)|\?/g, '')
    .replace(/\[\s*['"]([^'"]*)['"]\s*\]/g, '.$1')
    .replace(/\[\s*(\d+)\s*\]/g, '[$1]')
    .replace(/^\./, '');
}

/** How the one parameter that changes leads to the next page. */
function byParameter(value: unknown): Readonly<Record<string, unknown>> | undefined {
  const count = /^=\{\{\s*\$pageCount(?:\s*\+\s*(\d+))?\s*\}\}$/.exec(text(value));
  if (count) return { by: 'page', first: Number(count[1] ?? 0) };
  if (/^=\{\{\s*\(?\s*\$pageCount\s*\*\s*[^{}]+\}\}$/.test(text(value))) return { by: 'offset' };
  const cursor = bodyPath(value);
  return cursor === undefined ? undefined : { by: 'cursor', cursor };
}

function nextOf(pagination: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> | undefined {
  if (pagination.paginationMode === 'responseContainsNextURL') {
    const next = bodyPath(pagination.nextURL);
    if (next !== undefined) return { by: 'link', next };
    return LINK.test(text(pagination.nextURL)) ? { by: 'link' } : undefined;
  }
  const parameters = rows(record(pagination.parameters).parameters);
  const [only] = parameters;
  if (!only || parameters.length > 1 || !['qs', 'body', ''].includes(text(only.type))) return undefined;
  const made = byParameter(only.value);
  return made && { ...made, parameter: plain(only.name), place: text(only.type) === 'body' ? 'body' : 'query' };
}

/** The list that a Split Out behind the request takes out of each page. */
function splitField({ targets }: At): string {
  const [next, ...others] = targets;
  const field = next?.type === 'n8n-nodes-base.splitOut' && others.length === 0 ? plain(next.parameters.fieldToSplitOut) : '';
  return field.includes(',') ? '' : field.trim();
}

/** The settings of a paginated request. Undefined if it isn’t paginated, or in a way that has no counterpart. */
export function pagedOf(at: At): Paged | undefined {
  const { params, output, note } = at;
  const pagination = record(record(record(params.options).pagination).pagination);
  const mode = text(pagination.paginationMode) || 'updateAParameterInEachRequest';
  if (Object.keys(pagination).length === 0 || mode === 'off') return undefined;
  const next = nextOf(pagination);
  if (!next) {
    note('It read several pages in a way that has no counterpart. Set that up under Pagination.');
    return undefined;
  }
  const items = splitField(at);
  const most = Number(pagination.maxRequests);
  const pace = Number(pagination.requestInterval ?? 0);
  if (pagination.paginationCompleteWhen === 'other' || pagination.paginationCompleteWhen === 'receiveSpecificStatusCodes')
    note('It stopped on a condition of its own. Here, the last page is the one without items, or without a next page.');
  note(
    items === ''
      ? 'Its pages become one list. If the response has the list in a field, enter it under Pagination.'
      : `Its pages become one list of “${items.slice(0, 100)}”. Other fields of the response are not kept.`,
  );
  const path = items === '' ? [] : items.split('.');
  return {
    pages: {
      ...next,
      items,
      ...(pagination.limitPagesFetched === true && most >= 1 && most <= 1_000 && { maxPages: Math.floor(most) }),
      ...(pace >= 1 && pace <= 3_600_000 && { paceMs: Math.floor(pace) }),
    },
    // The list is the body, so a field that names it is left out.
    item: (given) =>
      path.length > 0 && path.every((name, index) => given[index] === name)
        ? { root: output, path: ['body', ...given.slice(path.length)] }
        : viewAt(output, 'body')(given),
    list: bodyList(output),
  };
}
