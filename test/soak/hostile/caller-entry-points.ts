import { promisify } from 'node:util';
import { brotliCompress, constants, deflate, gzip } from 'node:zlib';
import { publishedWorkflow } from '../../kit/published.ts';
import { CALLED } from './caller-graphs.ts';
import type { Dice } from './dice.ts';
import { type EntryPoint, JSON_TYPE, type World } from './entry-point.ts';
import { hostileJson } from './json.ts';
import { hostileHeader, hostileText } from './texts.ts';

/* Entry points for callers of workflows, and for malformed requests. */

const TYPES = [
  'application/json',
  'text/plain',
  'text/xml',
  'application/xml; charset=utf-16le',
  'application/x-www-form-urlencoded',
  'multipart/form-data; boundary=--x',
  'application/vnd.api+json; charset=gbk',
  '',
];
const [packGzip, packDeflate, packBrotli] = [promisify<Buffer, Buffer>(gzip), promisify<Buffer, Buffer>(deflate), promisify(brotliCompress)];
const PACKERS: Readonly<Record<string, (raw: Buffer) => Promise<Buffer>>> = {
  gzip: packGzip,
  br: (raw) => packBrotli(raw, { params: { [constants.BROTLI_PARAM_QUALITY]: 1 } }),
  deflate: packDeflate,
  'gzip, gzip': async (raw) => packGzip(await packGzip(raw)),
};
const HEADERS = [
  ...['accept', 'accept-language', 'accept-encoding', 'content-type', 'content-encoding', 'prefer', 'cookie', 'authorization'],
  ...['idempotency-key', 'webhook-id', 'x-forwarded-for', 'x-forwarded-host', 'forwarded', 'range', 'if-none-match', 'if-modified-since'],
  ...['origin', 'referer', 'traceparent', 'stripe-signature', 'webhook-signature', 'access-control-request-headers', 'sec-fetch-site', 'user-agent'],
];
const PATHS = [
  ...['/api/health', '/', '/api/workflows', '/api/nodes', '/r/x', '/api/shared/x', '/hooks/status/x', '/callbacks/x', '/assets/x.js'],
  ...['/metrics', '/socket.io/?EIO=4&transport=polling'],
];

const multipart = (dice: Dice): string => {
  const part = () =>
    `----x\r\nContent-Disposition: form-data; name="${hostileHeader(dice, 500)}"; filename="${hostileHeader(dice, 100)}"\r\nContent-Type: ${hostileHeader(dice, 100)}\r\n\r\n${hostileText(dice, 2_000)}\r\n`;
  return dice.below(2) === 0 ? hostileText(dice) : `${Array.from({ length: dice.pick([5, 300, 400]) }, part).join('')}----x--\r\n`;
};
/** A compressed body of 100 MB, or of the size limit. */
const bomb = (dice: Dice, name: string): Promise<Buffer> | undefined =>
  PACKERS[name]?.(Buffer.alloc(dice.pick([900_000, 20_000_000, 100_000_000]), dice.pick(['a', 'a&', '[', '{"a":', ' '])));

export async function callerEntryPoints({ server }: World): Promise<Record<string, EntryPoint>> {
  const hooks: string[] = [];
  for (const graph of CALLED) hooks.push((await publishedWorkflow(server, graph, { callerMayChoose: true, methods: ['GET'] })).url);
  const post = async (dice: Dice, body: string | Buffer, headers: Record<string, string>, what: string) => ({
    what,
    reply: await server.send('POST', dice.pick(hooks), { body, headers }),
  });
  return {
    'hook, JSON': (dice) => {
      const { what, text } = hostileJson(dice);
      return post(dice, text, JSON_TYPE, what);
    },
    'hook, form': (dice) => {
      const text = hostileText(dice);
      return post(dice, text, { 'content-type': 'application/x-www-form-urlencoded' }, text.slice(0, 20));
    },
    'hook, multipart': (dice) => {
      const text = multipart(dice);
      return post(dice, text, { 'content-type': 'multipart/form-data; boundary=--x' }, text.slice(0, 60));
    },
    'hook, any type': (dice) => {
      const [type, text] = [dice.pick(TYPES), hostileText(dice)];
      return post(dice, text, { 'content-type': type }, `${type} ${text.slice(0, 20)}`);
    },
    'hook, compressed': async (dice) => {
      const name = dice.pick(Object.keys(PACKERS));
      const body = (await bomb(dice, name)) ?? Buffer.alloc(0);
      return post(dice, body, { 'content-encoding': name, 'content-type': dice.pick(TYPES.slice(0, 5)) }, `${name} ${body.length}`);
    },
    ...requestEntryPoints(server, hooks),
  };
}

const requestEntryPoints = (server: World['server'], hooks: readonly string[]): Record<string, EntryPoint> => ({
  query: async (dice) => {
    const query = encodeURI(hostileText(dice, dice.pick([200, 4_000])).toWellFormed()).slice(0, 14_000);
    const path = dice.pick([
      `${dice.pick(hooks)}?${query}`,
      `/api/runs?search=${query}`,
      `/api/workflows?search=${query}&limit=${query.slice(0, 9)}`,
      `/api/reviews?cursor=${query}`,
      `/r/${query}`,
      `/${query}`,
    ]);
    return { what: path.slice(0, 80), reply: await server.send(dice.pick(['GET', 'POST']), path, {}) };
  },
  headers: async (dice) => {
    const [name, value] = [dice.pick(HEADERS), hostileHeader(dice)];
    const path = dice.pick([...PATHS, ...hooks]);
    const method = dice.pick(['GET', 'POST', 'OPTIONS']);
    return {
      what: `${method} ${path.slice(-20)} ${name}: ${value.slice(0, 20)} (${value.length})`,
      reply: await server.send(method, path, { headers: { [name]: value }, ...(method === 'POST' && { body: '{}' }) }),
    };
  },
});
