import { setTimeout as pause } from 'node:timers/promises';
import { queueSettings } from '@switchyard/shared/contracts/triggers/queue.ts';
import type { Redis } from '../../../data-servers/connect-redis.ts';
import type { TriggerRecord } from '../../../store/triggers/trigger-collections.ts';
import type { RunStarting } from '../../runs/accept-run.ts';
import { acceptMessage, type QueueMessage, rejectMessage } from './accept-message.ts';

/*
 * Reads one Redis stream for a trigger, over one connection, until it breaks or is aborted. Invariants: 1. A message is acknowledged only once its
 * run, or its rejection, is on disk. 2. What was delivered and not acknowledged is read again: what this consumer had, when it connects, and
 * what a consumer that stopped had, after CLAIM_MS. So each message starts one run, since its ID is the idempotency key.
 */

/** Messages accepted at once. */
const BATCH = 20;
/** How long one read waits for messages. */
const BLOCK_MS = 2_000;
/** A reply later than this means that the connection is dead. */
const SILENT_MS = 10_000;
/** How long a message stays with a consumer that doesn’t answer for it. */
const CLAIM_MS = 60_000;
const CLAIM_EVERY_MS = 15_000;
/** While messages wait. */
const AGAIN_MS = 1_000;
/** How the names of our consumers start. */
export const CONSUMER = 'switchyard-';
/** No process reads as rarely as this. */
const FORGOTTEN_MS = 3_600_000;
/** Attempts to start the run of a message. */
const MOST_FAILURES = 5;

export interface StreamReading {
  readonly context: RunStarting;
  readonly trigger: TriggerRecord;
  /** The name of this process in the group. */
  readonly consumer: string;
  /** Called with why messages wait, and with null once none does. */
  readonly onWait: (code: string | null) => Promise<void>;
  readonly report: (problem: string, error: unknown) => void;
  readonly claimMs?: number | undefined;
}

type Entry = readonly [id: string, fields: readonly string[] | null];

/** Resolves when aborted. Rejects when the connection breaks, or Redis or the store fails. */
export async function readStream(redis: Redis, reading: StreamReading, signal: AbortSignal): Promise<void> {
  const { source } = queueSettings.parse(reading.trigger.settings);
  const { stream, group } = source;
  await createGroup(redis, source);
  await reading.onWait(null);
  await takeOwn(redis, reading, stream, group, signal);
  await forgetConsumers(redis, stream, group);
  let claimAt = 0;
  while (!signal.aborted) {
    if (Date.now() >= claimAt) {
      await takeAbandoned(redis, reading, stream, group, signal);
      claimAt = Date.now() + Math.min(CLAIM_EVERY_MS, reading.claimMs ?? CLAIM_MS);
    }
    const read = await answered(redis.xreadgroup('GROUP', group, reading.consumer, 'COUNT', BATCH, 'BLOCK', BLOCK_MS, 'STREAMS', stream, '>'), redis);
    await take(redis, reading, source, entriesOf(read), signal);
  }
}

type Source = ReturnType<typeof queueSettings.parse>['source'];

async function createGroup(redis: Redis, { stream, group, from }: Source): Promise<void> {
  try {
    await answered(redis.xgroup('CREATE', stream, group, from === 'new' ? '$' : '0', 'MKSTREAM'), redis);
  } catch (thrown) {
    if (!(thrown instanceof Error && thrown.message.startsWith('BUSYGROUP'))) throw thrown;
  }
}

/** Removes consumers of processes that ended long ago. One with messages stays, so another process can take them over. */
async function forgetConsumers(redis: Redis, stream: string, group: string): Promise<void> {
  const consumers = (await answered(redis.xinfo('CONSUMERS', stream, group), redis)) as (string | number)[][];
  for (const pairs of consumers) {
    const of = (name: string) => pairs[pairs.indexOf(name) + 1];
    const [name, pending, idle] = [String(of('name')), Number(of('pending')), Number(of('idle'))];
    if (!name.startsWith(CONSUMER) || pending > 0 || idle < FORGOTTEN_MS) continue;
    await answered(redis.xgroup('DELCONSUMER', stream, group, name), redis);
  }
}

/** What this consumer was delivered before the connection broke. */
async function takeOwn(redis: Redis, reading: StreamReading, stream: string, group: string, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    const read = await answered(redis.xreadgroup('GROUP', group, reading.consumer, 'COUNT', BATCH, 'STREAMS', stream, '0'), redis);
    const entries = entriesOf(read);
    if (entries.length === 0) return;
    await take(redis, reading, { stream, group }, entries, signal);
  }
}

/** What was delivered to consumers that don’t answer for it anymore. */
async function takeAbandoned(redis: Redis, reading: StreamReading, stream: string, group: string, signal: AbortSignal): Promise<void> {
  const { consumer, claimMs = CLAIM_MS } = reading;
  for (let cursor = '0-0'; !signal.aborted; ) {
    const claimed = (await answered(redis.xautoclaim(stream, group, consumer, claimMs, cursor, 'COUNT', BATCH), redis)) as [string, Entry[]];
    const [next, entries] = claimed;
    const counts = await Promise.all(entries.map(([id]) => deliveriesOf(redis, stream, group, id)));
    await take(redis, reading, { stream, group }, entries, signal, counts);
    if (next === '0-0') return;
    cursor = next;
  }
}

async function deliveriesOf(redis: Redis, stream: string, group: string, id: string): Promise<number> {
  const [pending] = (await answered(redis.xpending(stream, group, id, id, 1), redis)) as [id: string, consumer: string, idleMs: number, deliveries: number][];
  return pending?.[3] ?? 0;
}

/** Starts the runs of these messages. Those that have to wait are tried again until they don’t. */
async function take(
  redis: Redis,
  reading: StreamReading,
  { stream, group }: Pick<Source, 'stream' | 'group'>,
  entries: readonly Entry[],
  signal: AbortSignal,
  deliveries: readonly number[] = [],
): Promise<void> {
  let left = entries.map(([id, fields], index): QueueMessage => ({ id, fields: pairsOf(fields ?? []), deliveries: deliveries[index] }));
  const failures = new Map<string, number>();
  let isWaiting = false;
  while (left.length > 0 && !signal.aborted) {
    const waits = await Promise.all(left.map((message) => settle(reading, message, failures)));
    const settled = left.filter((_, index) => waits[index] === null).map(({ id }) => id);
    if (settled.length > 0) await answered(redis.xack(stream, group, ...settled), redis);
    left = left.filter((_, index) => waits[index] !== null);
    const why = waits.find((code) => code !== null) ?? null;
    if (why !== null || isWaiting) await reading.onWait(why);
    isWaiting = why !== null;
    if (isWaiting) {
      await pause(AGAIN_MS, undefined, { signal }).catch(() => {});
      // Otherwise, another process would claim them.
      if (left.length > 0 && !signal.aborted) await answered(redis.xclaim(stream, group, reading.consumer, 0, ...left.map(({ id }) => id), 'JUSTID'), redis);
    }
  }
}

/** Null once a message is settled. One that fails again and again is rejected, so those after it don’t wait for ever. */
async function settle({ context, trigger, report }: StreamReading, message: QueueMessage, failures: Map<string, number>): Promise<string | null> {
  try {
    return await acceptMessage(context, trigger, message);
  } catch (thrown) {
    const count = (failures.get(message.id) ?? 0) + 1;
    failures.set(message.id, count);
    report(`Starting a run for message ${message.id} of trigger ${trigger.id} failed`, thrown);
    return count < MOST_FAILURES ? 'internal' : rejectMessage(context, trigger, message, 'internal');
  }
}

/** Fails, and ends the connection, if Redis doesn’t answer. */
async function answered<T>(command: Promise<T>, redis: Redis): Promise<T> {
  const late = setTimeout(() => redis.disconnect(), SILENT_MS);
  return command.finally(() => clearTimeout(late));
}

function entriesOf(read: unknown): Entry[] {
  const [first] = (read ?? []) as readonly (readonly [stream: string, entries: Entry[]])[];
  return first?.[1] ?? [];
}

/** A field that occurs twice counts once, with its last value. */
function pairsOf(fields: readonly string[]): Map<string, string> {
  const pairs = new Map<string, string>();
  for (let at = 0; at + 1 < fields.length; at += 2) pairs.set(fields[at] ?? '', fields[at + 1] ?? '');
  return pairs;
}
