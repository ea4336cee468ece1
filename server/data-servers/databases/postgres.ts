import type { Socket } from 'node:net';
import type { ConnectionOptions } from 'node:tls';
import type { DatabaseAnswer, DatabaseRequest } from '@switchyard/nodes/sdk/database.ts';
import { AppError } from '@switchyard/shared/errors.ts';
import { readJson } from '@switchyard/shared/read-json.ts';
import type { Client } from 'pg';
import { parse as parseArray } from 'postgres-array';
import { createCollector } from './collect-rows.ts';
import { brokenError, connectError, lateError, statementError, tooLargeError } from './database-errors.ts';
import { credentialsOf, type DatabaseTarget, hostOf, MOST_PARAMETERS, parameterOf } from './database-target.ts';
import { plainNumber } from './plain-values.ts';

/*
 * PostgreSQL. One statement per connection, always in the extended protocol, which accepts a single statement and binds parameters, and
 * always in a transaction: it has its whole effect or none.
 */

/** Checks a host and returns the address to connect to. */
export type AddressOf = (host: string) => Promise<string>;

const CONNECT_MS = 10_000;
const PORT = 5_432;
/** Rows read at once. */
const CHUNK = 200;
/** Bytes beyond the limit that may arrive before the connection is cut. */
const SLACK_BYTES = 1_000_000;

export async function askPostgres(target: DatabaseTarget, addressOf: AddressOf, request: DatabaseRequest, signal: AbortSignal): Promise<DatabaseAnswer> {
  checkParameters(request);
  const client = await connected(target, addressOf, signal);
  const watch = watchClient(client, request, signal);
  let isCommitting = false;
  try {
    await client.query(beginning(request));
    const answer = await perform(client, request);
    isCommitting = !request.readOnly;
    await client.query(request.readOnly ? 'ROLLBACK' : 'COMMIT');
    return answer;
  } catch (thrown) {
    if (signal.aborted) throw signal.reason;
    if (watch.isTooLarge()) throw tooLargeError(target, request.maxBytes);
    throw errorOf(target, request, thrown, isCommitting);
  } finally {
    watch.stop();
    await client.end().catch(() => {});
  }
}

/** Settings of the transaction. As parameters of the connection, poolers would reject them. */
const beginning = ({ readOnly, timeoutMs }: DatabaseRequest): string =>
  [
    `BEGIN READ ${readOnly ? 'ONLY' : 'WRITE'}`,
    `SET LOCAL statement_timeout = ${Math.ceil(timeoutMs)}`,
    "SET LOCAL TimeZone = 'UTC'",
    "SET LOCAL DateStyle = 'ISO, YMD'",
    "SET LOCAL IntervalStyle = 'iso_8601'",
  ].join('; ');

/** The version of the server. Throws if it can’t be connected to. */
export async function checkPostgres(target: DatabaseTarget, addressOf: AddressOf, signal: AbortSignal): Promise<string> {
  const client = await connected(target, addressOf, signal);
  try {
    const { rows } = await client.query('SHOW server_version');
    return String(rows[0]?.server_version ?? '');
  } catch (thrown) {
    throw connectError(target, thrown);
  } finally {
    await client.end().catch(() => {});
  }
}

async function connected(target: DatabaseTarget, addressOf: AddressOf, signal: AbortSignal): Promise<Client> {
  const url = new URL(target.url);
  const host = hostOf(url.hostname);
  const credentials = credentialsOf(target);
  const { default: pg } = await import('pg');
  const address = await addressOf(host);
  signal.throwIfAborted();
  const client = new pg.Client({
    host: address,
    port: Number(url.port) || PORT,
    database: decodeURIComponent(url.pathname.slice(1)),
    // Empty, so that neither the environment nor a file of this machine is consulted.
    user: credentials?.user ?? '',
    password: credentials?.password ?? '',
    ssl: tlsOf(url, host),
    connectionTimeoutMillis: CONNECT_MS,
    application_name: 'switchyard',
    types: { getTypeParser: parserOf as never },
  });
  client.on('error', () => {});
  const stop = (): void => void streamOf(client).destroy();
  signal.addEventListener('abort', stop, { once: true });
  try {
    await client.connect();
    return client;
  } catch (thrown) {
    client.end().catch(() => {});
    throw signal.aborted ? signal.reason : connectError(target, thrown);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

/** As in libpq: `require` encrypts, `verify-full` (the default here) also checks the certificate. */
function tlsOf(url: URL, host: string): false | ConnectionOptions {
  const mode = url.searchParams.get('sslmode') ?? 'verify-full';
  if (mode === 'disable') return false;
  if (mode === 'require') return { servername: host, rejectUnauthorized: false };
  if (mode === 'verify-full') return { servername: host };
  throw new AppError('bad-request', `sslmode must be verify-full, require, or disable, not “${mode}”. Change the URL of the connection.`, {
    beforeEffect: true,
  });
}

const streamOf = (client: Client): Socket => (client as unknown as { connection: { stream: Socket } }).connection.stream;

/** Cuts the connection when the run stops waiting, or too much arrives. */
function watchClient(client: Client, { maxBytes, timeoutMs }: DatabaseRequest, signal: AbortSignal) {
  const stream = streamOf(client);
  let bytes = 0;
  const cut = (): void => void stream.destroy();
  const count = (chunk: Buffer): void => {
    bytes += chunk.length;
    if (bytes > maxBytes + SLACK_BYTES) stream.destroy();
  };
  stream.on('data', count);
  signal.addEventListener('abort', cut, { once: true });
  // The server ends a slow statement. This is for a server that doesn’t respond at all.
  const timer = setTimeout(cut, timeoutMs + CONNECT_MS);
  return {
    isTooLarge: () => bytes > maxBytes + SLACK_BYTES,
    stop: () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', cut);
    },
  };
}

async function perform(client: Client, request: DatabaseRequest): Promise<DatabaseAnswer> {
  const { default: Cursor } = await import('pg-cursor');
  const { statement, parameters } = request;
  const cursor = client.query(new Cursor<Record<string, unknown>>(statement, parameters.map(bindable), { types: { getTypeParser: parserOf } as never }));
  const collector = createCollector(request);
  let changed: number | null = null;
  while (collector.wanted > 0) {
    const asked = Math.min(CHUNK, collector.wanted);
    const { rows, count } = await readSome(cursor, asked);
    collector.add(rows);
    changed = count;
    if (rows.length < asked) break;
  }
  await cursor.close();
  const { rows, truncated } = collector;
  return { value: null, rows, count: Math.max(rows.length, changed ?? 0), truncated };
}

type Cursor = { read(rows: number, done: (error: Error | undefined, rows: Record<string, unknown>[], result: { rowCount: number | null }) => void): void };

const readSome = (cursor: Cursor, most: number): Promise<{ rows: Record<string, unknown>[]; count: number | null }> =>
  new Promise((resolve, reject) => {
    cursor.read(most, (error, rows, result) => (error ? reject(error) : resolve({ rows, count: result?.rowCount ?? null })));
  });

/** Lists stay lists, and objects become JSON. */
const bindable = (value: unknown): unknown => (typeof value === 'object' && value !== null && !Array.isArray(value) ? JSON.stringify(value) : value);

function checkParameters({ statement, parameters }: DatabaseRequest): void {
  if (parameters.length > MOST_PARAMETERS) throw new AppError('bad-request', `At most ${MOST_PARAMETERS} parameters can be bound.`, { beforeEffect: true });
  for (const [, number] of statement.matchAll(/\$(\d{1,3})/g)) parameterOf(parameters, Number(number));
}

function errorOf(target: DatabaseTarget, request: DatabaseRequest, thrown: unknown, isCommitting: boolean): AppError {
  if (thrown instanceof AppError) return thrown;
  const code = thrown instanceof Error && 'code' in thrown ? String(thrown.code) : '';
  // A server’s error has a state of five characters, and ends the transaction: nothing was changed.
  const isAnswer = /^[0-9A-Z]{5}$/.test(code) && !/^E[A-Z]{4}$/.test(code);
  if (!isAnswer) return brokenAt(target, thrown, isCommitting);
  if (code === '57014') return lateError(target, request.timeoutMs, true);
  const hint = code === '25006' ? 'The node is read-only. Turn that off to change data.' : '';
  return statementError(target, thrown, { hadNoEffect: true, hint });
}

/** Without a commit, a broken connection changes nothing. */
function brokenAt(target: DatabaseTarget, thrown: unknown, isCommitting: boolean): AppError {
  const error = brokenError(target, thrown);
  return isCommitting ? error : new AppError(error.code, error.message, { beforeEffect: true, cause: thrown });
}

/* Types by their OID. All others stay text, as PostgreSQL writes them. */
const BOOL = 16;
const BYTEA = 17;
const FLOATS = new Set([700, 701]);
const NUMBERS = new Set([20, 21, 23, 26, 1_700]);
const JSONS = new Set([114, 3_802]);
const TIMESTAMPTZ = 1_184;
/** By the OID of an array, that of its elements. */
const ARRAYS: ReadonlyMap<number, number> = new Map([
  [1_000, BOOL],
  [1_005, 21],
  [1_007, 23],
  [1_009, 25],
  [1_015, 1_043],
  [1_016, 20],
  [1_021, 700],
  [1_022, 701],
  [1_231, 1_700],
  [1_182, 1_082],
  [1_185, TIMESTAMPTZ],
  [2_951, 2_950],
]);

/** Reads the text of a value. */
export function parserOf(oid: number): (text: string) => unknown {
  const element = ARRAYS.get(oid);
  if (element !== undefined) return (text) => parseArray(text, parserOf(element));
  if (oid === BOOL) return (text) => text === 't';
  if (NUMBERS.has(oid)) return plainNumber;
  if (FLOATS.has(oid)) return (text) => (Number.isFinite(Number(text)) ? Number(text) : text);
  if (JSONS.has(oid)) return jsonOf;
  if (oid === TIMESTAMPTZ) return isoTime;
  if (oid === BYTEA) return (text) => (text.startsWith('\\x') ? Buffer.from(text.slice(2), 'hex').toString('base64') : text);
  return (text) => text;
}

/** What is nested too deeply stays text. */
function jsonOf(text: string): unknown {
  try {
    return readJson(text);
  } catch {
    return text;
  }
}

function isoTime(text: string): string {
  const at = new Date(text.replace(' ', 'T').replace(/([+-]\d{2})$/, '$1:00'));
  return Number.isNaN(at.getTime()) ? text : at.toISOString();
}
