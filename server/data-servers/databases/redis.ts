import type { DatabaseAnswer, DatabaseRequest } from '@switchyard/nodes/sdk/database.ts';
import { AppError } from '@switchyard/shared/errors.ts';
import type { Egress } from '../../egress/egress.ts';
import { connectRedis, type Redis } from '../connect-redis.ts';
import { createCollector } from './collect-rows.ts';
import { brokenError, lateError, statementError, tooLargeError } from './database-errors.ts';
import type { DatabaseTarget } from './database-target.ts';
import { type CommandInfo, checkRedisCommand, readRedisCommand } from './redis-command.ts';
import { readReply } from './redis-reply.ts';

/* Redis. One command per connection. The server’s own table of commands says which ones only read. */

export async function askRedis(
  target: DatabaseTarget,
  egress: Pick<Egress, 'openSocket'>,
  request: DatabaseRequest,
  signal: AbortSignal,
): Promise<DatabaseAnswer> {
  const words = readRedisCommand(request.statement, request.parameters);
  const redis = await connectRedis(egress, { url: target.url, password: target.secret ?? undefined }, signal).catch((thrown: unknown) => {
    throw signal.aborted ? signal.reason : neverSent(thrown);
  });
  let isLate = false;
  const late = setTimeout(() => {
    isLate = true;
    redis.disconnect();
  }, request.timeoutMs);
  const heard = hear(redis, request.maxBytes);
  let isSent = false;
  try {
    checkRedisCommand(words, (await redis.call('COMMAND', 'INFO', words[0] ?? '')) as CommandInfo, request.readOnly);
    heard.clear();
    isSent = true;
    const [command = '', ...given] = words;
    await redis.call(command, ...given);
    const value = readReply(heard.bytes());
    const collector = createCollector(request);
    collector.add(Array.isArray(value) ? value : [value]);
    const { rows, truncated } = collector;
    return {
      value: Array.isArray(value) ? rows : truncated ? null : value,
      rows: Array.isArray(value) ? rows : [],
      count: Array.isArray(value) ? rows.length : 0,
      truncated,
    };
  } catch (thrown) {
    if (signal.aborted) throw signal.reason;
    if (isLate) throw lateError(target, request.timeoutMs, request.readOnly || !isSent);
    if (heard.isTooLarge()) throw tooLargeError(target, request.maxBytes);
    throw errorOf(target, thrown, isSent);
  } finally {
    clearTimeout(late);
    redis.disconnect();
  }
}

/** The version of the server. */
export async function checkRedis({ url, secret }: DatabaseTarget, egress: Pick<Egress, 'openSocket'>, signal: AbortSignal): Promise<string> {
  const redis = await connectRedis(egress, { url, password: secret ?? undefined }, signal);
  try {
    return /redis_version:(\S+)/.exec(await redis.info('server'))?.[1] ?? '';
  } finally {
    redis.disconnect();
  }
}

/** Bytes that are not part of a reply’s values. */
const SLACK_BYTES = 100_000;

/** What arrives, as bytes. Cuts the connection when it is too much. */
function hear(redis: Redis, maxBytes: number) {
  let chunks: Buffer[] = [];
  let bytes = 0;
  redis.stream.on('data', (chunk: Buffer) => {
    chunks.push(chunk);
    bytes += chunk.length;
    if (bytes > maxBytes + SLACK_BYTES) redis.disconnect();
  });
  return {
    clear: () => {
      chunks = [];
      bytes = 0;
    },
    bytes: () => Buffer.concat(chunks),
    isTooLarge: () => bytes > maxBytes + SLACK_BYTES,
  };
}

/** Nothing was sent yet, so even a step that changes data may be repeated. */
const neverSent = (thrown: unknown): unknown =>
  thrown instanceof AppError ? new AppError(thrown.code, thrown.message, { beforeEffect: true, details: thrown.details, cause: thrown }) : thrown;

function errorOf(target: DatabaseTarget, thrown: unknown, isSent: boolean): unknown {
  if (thrown instanceof AppError) return thrown;
  // An error that the server replied: the command changed nothing.
  if (thrown instanceof Error && thrown.name === 'ReplyError') return statementError(target, thrown, { hadNoEffect: true });
  const error = brokenError(target, thrown);
  return isSent ? error : neverSent(error);
}
