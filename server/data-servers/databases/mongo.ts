import { resolveSrv, resolveTxt } from 'node:dns/promises';
import { isIPv6 } from 'node:net';
import type { DatabaseAnswer, DatabaseRequest } from '@switchyard/nodes/sdk/database.ts';
import { AppError } from '@switchyard/shared/errors.ts';
import { isPlainObject } from '@switchyard/shared/json.ts';
import type { Document, MongoClient } from 'mongodb';
import { createCollector } from './collect-rows.ts';
import { brokenError, connectError, lateError, statementError } from './database-errors.ts';
import { credentialsOf, type DatabaseTarget, hostOf } from './database-target.ts';
import { type MongoCommand, readMongoCommand } from './mongo-command.ts';
import { plainNumber } from './plain-values.ts';
import type { AddressOf } from './postgres.ts';

/*
 * MongoDB. It connects directly to one member at a checked address, and never to members that a server names. For a statement that writes,
 * to the one of the URL’s hosts that is the primary.
 */

const CONNECT_MS = 10_000;
const PORT = 27_017;

interface Seed {
  readonly host: string;
  readonly port: number;
}

interface Place {
  readonly seeds: readonly Seed[];
  readonly database: string;
  readonly options: URLSearchParams;
  readonly isEncrypted: boolean;
}

export async function askMongo(target: DatabaseTarget, addressOf: AddressOf, request: DatabaseRequest, signal: AbortSignal): Promise<DatabaseAnswer> {
  const command = readMongoCommand(request.statement, request.parameters);
  if (request.readOnly && command.writes)
    throw new AppError('bad-request', `“${command.name}” changes data, and the node is read-only. Turn that off to change data.`, { beforeEffect: true });
  const place = await placeOf(target);
  const client = await connected(target, place, addressOf, { mustWrite: command.writes, timeoutMs: request.timeoutMs }, signal);
  const stop = (): void => void client.close(true);
  signal.addEventListener('abort', stop, { once: true });
  try {
    return await perform(client, place.database, command, request);
  } catch (thrown) {
    throw signal.aborted ? signal.reason : errorOf(target, request, command, thrown);
  } finally {
    signal.removeEventListener('abort', stop);
    await client.close(true).catch(() => {});
  }
}

/** The version of the server. */
export async function checkMongo(target: DatabaseTarget, addressOf: AddressOf, signal: AbortSignal): Promise<string> {
  const place = await placeOf(target);
  const client = await connected(target, place, addressOf, { mustWrite: false, timeoutMs: CONNECT_MS }, signal);
  try {
    // A command that needs the rights of a user, unlike a ping.
    await client.db(place.database).command({ listCollections: 1, nameOnly: true, authorizedCollections: true });
    const { version } = await client.db('admin').command({ buildInfo: 1 });
    return String(version);
  } catch (thrown) {
    throw connectError(target, thrown);
  } finally {
    await client.close(true).catch(() => {});
  }
}

/** The hosts of a URL. Those of `mongodb+srv` are looked up, each below the same domain. */
async function placeOf(target: DatabaseTarget): Promise<Place> {
  const [, scheme = '', hosts = '', path = '', query = ''] =
    /^(mongodb(?:\+srv)?):\/\/(?:[^/?#@]*@)?([^/?#]+)(?:\/([^?#]*))?(?:\?(.*))?$/.exec(target.url) ?? [];
  const options = new URLSearchParams(query);
  const isSrv = scheme === 'mongodb+srv';
  const seeds = isSrv ? await srvSeeds(target, hosts, options) : hosts.split(',').map(seedOf);
  const isEncrypted = (options.get('tls') ?? options.get('ssl') ?? String(isSrv)) === 'true';
  return { seeds, database: decodeURIComponent(path), options, isEncrypted };
}

function seedOf(text: string): Seed {
  const url = new URL(`http://${text}`);
  return { host: hostOf(url.hostname), port: Number(url.port) || (text.endsWith(':80') ? 80 : PORT) };
}

async function srvSeeds(target: DatabaseTarget, host: string, options: URLSearchParams): Promise<Seed[]> {
  const records = await resolveSrv(`_mongodb._tcp.${host}`).catch((cause: unknown) => {
    throw new AppError('dns-failed', `Couldn’t find the hosts of “${target.name}” (${host}). Check the URL.`, { beforeEffect: true, cause });
  });
  const domain = host.split('.').slice(1).join('.').toLowerCase();
  const seeds = records.filter(({ name }) => name.toLowerCase().endsWith(`.${domain}`)).map(({ name, port }) => ({ host: name, port }));
  if (seeds.length === 0) throw new AppError('dns-failed', `“${host}” names no hosts below ${domain}. Check the URL.`, { beforeEffect: true });
  const texts = await resolveTxt(host).catch(() => []);
  for (const [name, value] of new URLSearchParams(texts.flat().join(''))) if (!options.has(name)) options.set(name, value);
  return seeds;
}

interface Wanted {
  readonly mustWrite: boolean;
  readonly timeoutMs: number;
}

/** A client of one of the hosts: the first that responds, or for a change, that is the primary. */
async function connected(target: DatabaseTarget, place: Place, addressOf: AddressOf, wanted: Wanted, signal: AbortSignal): Promise<MongoClient> {
  let last: unknown = new Error('none of its hosts is the primary');
  for (const seed of place.seeds) {
    signal.throwIfAborted();
    let client: MongoClient | undefined;
    try {
      client = await connectTo(target, place, seed, addressOf, wanted);
      const { isWritablePrimary } = await client.db('admin').command({ hello: 1 });
      if (isWritablePrimary || !wanted.mustWrite) return client;
    } catch (thrown) {
      last = thrown;
    }
    await client?.close(true).catch(() => {});
  }
  throw connectError(target, last);
}

async function connectTo(target: DatabaseTarget, place: Place, { host, port }: Seed, addressOf: AddressOf, { timeoutMs }: Wanted): Promise<MongoClient> {
  const { MongoClient } = await import('mongodb');
  const address = await addressOf(host);
  const credentials = credentialsOf(target);
  const client = new MongoClient(`mongodb://${isIPv6(address) ? `[${address}]` : address}:${port}/`, {
    directConnection: true,
    ...(credentials && {
      auth: { username: credentials.user, password: credentials.password },
      authSource: place.options.get('authSource') ?? 'admin',
      ...(place.options.get('authMechanism') && { authMechanism: mechanismOf(place.options.get('authMechanism')) }),
    }),
    tls: place.isEncrypted,
    ...(place.isEncrypted && { servername: host }),
    appName: 'switchyard',
    serverSelectionTimeoutMS: CONNECT_MS,
    connectTimeoutMS: CONNECT_MS,
    socketTimeoutMS: timeoutMs + CONNECT_MS,
    maxPoolSize: 1,
    retryReads: false,
    retryWrites: false,
    promoteLongs: false,
  });
  return client.connect();
}

/** Others would read files, or ask other servers. */
function mechanismOf(name: string | null): 'SCRAM-SHA-1' | 'SCRAM-SHA-256' {
  if (name === 'SCRAM-SHA-1' || name === 'SCRAM-SHA-256') return name;
  throw new AppError('bad-request', `authMechanism must be SCRAM-SHA-256 or SCRAM-SHA-1, not “${name}”. Change the URL of the connection.`, {
    beforeEffect: true,
  });
}

async function perform(client: MongoClient, database: string, command: MongoCommand, request: DatabaseRequest): Promise<DatabaseAnswer> {
  const { BSON } = await import('mongodb');
  const { EJSON } = BSON;
  const document = EJSON.deserialize(command.document as Document, { relaxed: false }) as Document;
  const most = request.maxRows + 1;
  const reply = await client.db(database).command({ ...limited(command.name, document, most), maxTimeMS: request.timeoutMs });
  const collector = createCollector(request);
  collector.add(rowsOf(command.name, reply).map(plain));
  const { rows, truncated } = collector;
  const changed = command.writes ? Number(plain(reply.n ?? reply.lastErrorObject?.n ?? 0)) : 0;
  if (Array.isArray(reply.writeErrors) && reply.writeErrors.length > 0) throw new WriteRejected(String(reply.writeErrors[0]?.errmsg), changed);
  return { value: null, rows, count: Math.max(rows.length, changed), truncated };
}

/** Some writes of a command were rejected. Those before were made. */
class WriteRejected extends Error {
  readonly made: number;
  constructor(message: string, made: number) {
    super(message);
    this.made = made;
  }
}

/** The command with a limit, so that its first batch is everything. */
function limited(name: string, document: Document, most: number): Document {
  if (name === 'find') {
    const limit = Number(document.limit ?? 0);
    return { ...document, limit: limit > 0 ? Math.min(limit, most) : most, batchSize: most, singleBatch: true };
  }
  if (name !== 'aggregate') return document;
  const stages: unknown[] = Array.isArray(document.pipeline) ? document.pipeline : [];
  const last = stages.at(-1);
  const isWritten = isPlainObject(last) && (Object.hasOwn(last, '$out') || Object.hasOwn(last, '$merge'));
  return { ...document, pipeline: isWritten ? stages : [...stages, { $limit: most }], cursor: { batchSize: most } };
}

function rowsOf(name: string, reply: Document): readonly unknown[] {
  if (name === 'find' || name === 'aggregate') return reply.cursor?.firstBatch ?? [];
  if (name === 'count') return [{ count: reply.n }];
  if (name === 'distinct') return reply.values ?? [];
  return name === 'findAndModify' && reply.value ? [reply.value] : [];
}

/** A BSON value as JSON: IDs and large integers as text, times in ISO 8601, bytes in Base64. */
export function plain(value: unknown): unknown {
  if (value === null || value === undefined) return null;
  if (typeof value === 'bigint') return plainNumber(value.toString());
  if (typeof value !== 'object') return typeof value === 'number' && !Number.isFinite(value) ? String(value) : value;
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? null : value.toISOString();
  if (Array.isArray(value)) return value.map(plain);
  const type: unknown = Reflect.get(value, '_bsontype');
  if (type === undefined) return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, plain(inner)]));
  if (type === 'Binary') return Reflect.get(value, 'toString').call(value, 'base64');
  if (type === 'Double' || type === 'Int32') return Number(value);
  const text = String(value);
  return type === 'Long' || type === 'Decimal128' ? plainNumber(text) : text;
}

/** What the driver reports if the server itself rejected the command. */
const isAnswer = (thrown: unknown): boolean => thrown instanceof WriteRejected || (thrown instanceof Error && thrown.name === 'MongoServerError');

function errorOf(target: DatabaseTarget, { timeoutMs }: DatabaseRequest, { writes }: MongoCommand, thrown: unknown): AppError {
  if (thrown instanceof AppError) return thrown;
  const code = thrown instanceof Error && 'code' in thrown ? thrown.code : undefined;
  if (code === 50) return lateError(target, timeoutMs, !writes);
  if (!isAnswer(thrown)) return brokenError(target, thrown);
  const made = thrown instanceof WriteRejected ? thrown.made : 0;
  return statementError(target, thrown, { hadNoEffect: made === 0, hint: made > 0 ? `Changes made before the error: ${made}.` : '' });
}
