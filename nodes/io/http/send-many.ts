import { AppError } from '@switchyard/shared/errors.ts';
import type { HttpAnswer, HttpRequest, NodeContext } from '../../sdk/context.ts';
import { valueAt, withValueAt } from './json-path.ts';
import type { Batches, Pages } from './many-requests.ts';
import { nextLink } from './next-link.ts';

/*
 * Sends several requests in one step. Each is a durable call with its own idempotency key (S31), so a retry or a crash repeats none that
 * has succeeded. What follows from a response is computed again from the recorded one.
 */

/** A response with its body read. */
interface Read {
  readonly answer: HttpAnswer;
  readonly body: unknown;
}

export interface Sending {
  readonly context: Pick<NodeContext, 'evaluate' | 'pause'>;
  /** Sends one request, and reads the response. */
  send(request: HttpRequest): Promise<Read>;
  /** The request with this JSON body. */
  requestWith(json: unknown): HttpRequest;
  readonly request: HttpRequest;
  readonly json: unknown;
}

/** All responses of a step together. */
const MOST_BYTES = 50_000_000;

function createRoom() {
  let bytes = 0;
  return ({ answer }: Read): void => {
    bytes += answer.bytes;
    if (bytes > MOST_BYTES) throw new AppError('too-large', `The responses are larger than ${MOST_BYTES / 1_000_000} MB together. Request fewer pages.`);
  };
}

/** Where the next page is: a request, or undefined after the last one. */
type Next = (page: Read & { readonly request: HttpRequest; readonly items: readonly unknown[] }, before: number) => HttpRequest | undefined;

/** Requests page after page, and collects their items. `more`: the limit of pages was reached before the last one. */
export async function readPages(sending: Sending, pages: Pages) {
  const { context, send } = sending;
  const demandRoom = createRoom();
  const next = nextOf(sending, pages);
  const items: unknown[] = [];
  let request: HttpRequest | undefined = firstOf(sending, pages);
  for (let page = 1; ; page++) {
    if (page > 1) await context.pause(pages.paceMs);
    const read = await send(request);
    demandRoom(read);
    const found = itemsIn(read.body, pages, page);
    items.push(...found);
    const following = next({ ...read, request, items: found }, items.length);
    if (!following || page >= pages.maxPages) {
      const { status, headers } = read.answer;
      return { status, headers, body: items, pages: page, more: following !== undefined };
    }
    request = following;
  }
}

function itemsIn(body: unknown, { items: path }: Pages, page: number): readonly unknown[] {
  const found = valueAt(body, path);
  if (Array.isArray(found)) return found;
  // An empty page may have no list at all.
  if (page > 1 && (found === undefined || found === null)) return [];
  throw new AppError(
    'not-a-list',
    `Page ${page} has no list at ${path.trim() === '' ? 'the top of its body' : `“${path}”`}. Check the pagination of this node.`,
  );
}

const firstOf = (sending: Sending, pages: Pages): HttpRequest => {
  if (pages.by === 'page') return withParameter(sending, pages, pages.first);
  return pages.by === 'offset' ? withParameter(sending, pages, 0) : sending.request;
};

function nextOf(sending: Sending, pages: Pages): Next {
  switch (pages.by) {
    case 'link':
      return ({ answer, body, request }) => {
        const target = pages.next.trim() === '' ? nextLink(answer.headers.link) : valueAt(body, pages.next);
        return typeof target === 'string' && target !== '' ? { ...request, url: nextUrl(target, request.url) } : undefined;
      };
    case 'cursor':
      return ({ body, request }) => {
        const cursor = valueAt(body, pages.cursor);
        if (cursor === undefined || cursor === null || cursor === '' || cursor === false) return undefined;
        const following = withParameter(sending, pages, cursor);
        // A server that ignores the cursor would return the same page for ever.
        return isSame(following, request) ? undefined : following;
      };
    case 'page': {
      let page = pages.first;
      return ({ items }) => (items.length === 0 ? undefined : withParameter(sending, pages, ++page));
    }
    default:
      return ({ items }, before) => (items.length === 0 ? undefined : withParameter(sending, pages, before));
  }
}

const isSame = (one: HttpRequest, other: HttpRequest): boolean => one.url === other.url && one.body === other.body;

/** The URL of a link. Its host must be that of the request before: it gets the same headers and secret. */
function nextUrl(target: string, before: string): string {
  const url = URL.parse(target, before);
  if (url?.origin === new URL(before).origin) return url.href;
  throw new AppError('egress-refused', `The next page is at “${url?.host ?? target.slice(0, 200)}”, but pages are only requested from the host of the URL.`);
}

function withParameter({ request, requestWith, json }: Sending, { place, parameter }: Pages, value: unknown): HttpRequest {
  if (place === 'body') return requestWith(withValueAt(json ?? {}, parameter, value));
  const url = new URL(request.url);
  url.searchParams.set(parameter.trim(), typeof value === 'string' ? value : JSON.stringify(value));
  return { ...request, url: url.href };
}

/** Sends a list in batches, one request each. */
export async function sendBatches({ context, send, requestWith, json }: Sending, { list, size, parameter, paceMs }: Batches) {
  const items = context.evaluate(list);
  if (!Array.isArray(items)) throw new AppError('not-a-list', 'The batches need a list. Check the expression of “List”.');
  const demandRoom = createRoom();
  const bodies: unknown[] = [];
  let last: HttpAnswer | undefined;
  for (let start = 0; start < items.length; start += size) {
    if (start > 0) await context.pause(paceMs);
    const batch = items.slice(start, start + size);
    const read = await send(requestWith(parameter.trim() === '' ? batch : withValueAt(json ?? {}, parameter, batch)));
    demandRoom(read);
    last = read.answer;
    bodies.push(read.body);
  }
  return { status: last?.status ?? 0, headers: last?.headers ?? {}, body: bodies, batches: bodies.length };
}
