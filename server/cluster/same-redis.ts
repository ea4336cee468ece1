import { randomUUID } from 'node:crypto';
import type { Log } from '../log.ts';
import type { ProcessRecord } from '../store/collections.ts';
import type { RedisLink } from './redis-link.ts';

/*
 * Whether all processes of an installation use the same Redis. The first one leaves a mark there, and each shows the mark it found in its
 * record. With two, nothing is lost (S43), but messages and limits are not shared, so the operator is told.
 */

export interface SameRedis {
  /** The mark in the Redis of this process. Null while it is away. */
  mark(): string | null;
  /** Compares this process with the others. Never rejects. */
  compare(records: readonly ProcessRecord[]): Promise<void>;
  /** A sentence about a process that uses another Redis. */
  problem(): string | undefined;
}

export interface SameRedisParts {
  readonly redis: Pick<RedisLink, 'commands' | 'health'>;
  /** Beginning of all keys of this installation. */
  readonly prefix: string;
  readonly processId: string;
  readonly log: Pick<Log, 'warn'>;
}

export function sameRedis({ redis, prefix, processId, log }: SameRedisParts): SameRedis {
  let mark: string | null = null;
  let problem: string | undefined;
  let earlier: ReadonlyMap<string, ProcessRecord> = new Map();

  const readMark = async (): Promise<string | null> => {
    if (redis.health().state === 'away') return null;
    const key = `${prefix}:mark`;
    await redis.commands.setnx(key, randomUUID());
    return redis.commands.get(key);
  };
  /** Two looks must agree: Redis may have lost its data, or the process may be dead. */
  const isElsewhere = ({ id, beat, redisMark = null }: ProcessRecord): boolean => {
    const before = earlier.get(id);
    return id !== processId && redisMark !== null && redisMark !== mark && before?.redisMark === redisMark && before.beat !== beat;
  };
  return {
    mark: () => mark,
    problem: () => problem,
    compare: async (records) => {
      const before = mark;
      mark = await readMark().catch(() => null);
      const other = mark !== null && before === mark ? records.find(isElsewhere) : undefined;
      earlier = new Map(records.map((record) => [record.id, record]));
      const found = other && describe(other);
      if (found !== undefined && found !== problem) log.warn(found);
      problem = found;
    },
  };
}

const describe = ({ host = '', pid = 0 }: ProcessRecord): string =>
  `The Switchyard on ${host} (process ${pid}) uses another Redis, so changes arrive late and limits may be exceeded. Set REDIS_URL to the same value for all processes.`;
