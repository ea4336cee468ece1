import { Queue, WaitingError, Worker } from 'bullmq';
import type { RedisLink } from './redis-link.ts';

/*
 * Tells workers that a run can be driven. A worker that seems to have a free slot is told directly, with one message. Otherwise, or if it is
 * gone or busy, a job in a BullMQ queue goes to the first worker with a free slot. Both are only hints: the store decides whether the run
 * needs a driver, and workers also poll the store. So jobs are never retried, hold only a run ID, and may be lost with Redis (S43).
 */

const QUEUE = 'runs';
const JOB = 'look';
/** Followed by the ID of the process. */
const CHANNEL = 'look:';
/** With this many jobs waiting, no more are added: workers also poll the store. */
const MOST_WAITING = 10_000;
const COUNT_EVERY_MS = 1_000;
/** Jobs on their way to Redis. More are dropped. */
const MOST_PENDING = 1_000;
/** Keeps BullMQ’s stream of job events short. Nothing here reads it. */
const NOTED_EVENTS = 100;
const CLOSE_MS = 2_000;

interface Parts {
  readonly redis: RedisLink;
  /** Prefix of all keys of this installation. */
  readonly prefix: string;
  readonly report: (problem: string, error: unknown) => void;
}

export interface Offers {
  /** Asks the workers to look at a run. `seq` distinguishes offers of the same run. Never throws. */
  offer(runId: string, seq: number): void;
  /** The same, but the first worker with a free slot gets it. */
  offerToAny(runId: string, seq: number): void;
  close(): Promise<void>;
}

/** `worker` names a worker that seems to have a free slot. */
export function createOffers({ redis, prefix, report, worker }: Parts & { readonly worker: () => string | undefined }): Offers {
  const queue = new Queue(QUEUE, {
    connection: redis.commands,
    prefix,
    skipVersionCheck: true,
    defaultJobOptions: { attempts: 1, removeOnComplete: true, removeOnFail: true },
    streams: { events: { maxLen: NOTED_EVENTS } },
  });
  queue.on('error', () => {});
  let pending = 0;
  let isFull = false;
  let countedAt = Number.NEGATIVE_INFINITY;

  const count = (): void => {
    if (performance.now() - countedAt < COUNT_EVERY_MS) return;
    countedAt = performance.now();
    queue.getWaitingCount().then(
      (waiting) => {
        isFull = waiting >= MOST_WAITING;
      },
      () => {},
    );
  };
  const addJob = async (runId: string, seq: number): Promise<void> => {
    count();
    if (!isFull) await queue.add(JOB, {}, { jobId: `${runId}-${seq}` });
  };
  const send = async (runId: string, seq: number): Promise<void> => {
    const told = worker();
    // Redis says how many processes got the message.
    if (told === undefined || (await redis.commands.publish(`${prefix}:${CHANNEL}${told}`, runId)) === 0) await addJob(runId, seq);
  };
  const inHand = (offered: (runId: string, seq: number) => Promise<void>) => (runId: string, seq: number) => {
    if (redis.commands.status !== 'ready' || pending >= MOST_PENDING) return;
    pending++;
    offered(runId, seq)
      .catch((error) => report('Offering a run to workers failed; they find it by polling', error))
      .finally(() => pending--);
  };
  return {
    offer: inHand(send),
    offerToAny: inHand(addJob),
    close: () => inTime(queue.close()),
  };
}

export interface OfferedRuns {
  /** Call when a slot is free again after `busy`. */
  resume(): void;
  /** Takes no more offers. */
  close(): Promise<void>;
}

interface HearingParts extends Parts {
  readonly processId: string;
  /** Passes on what this process was told while it was busy. */
  readonly passOn: (runId: string) => void;
}

/** Calls `look` with each offered run, one after another. After `busy`, the offer goes to another worker, and no more jobs come until `resume`. */
export function hearOffers({ redis, prefix, report, processId, passOn }: HearingParts, look: (runId: string) => Promise<'done' | 'busy'>): OfferedRuns {
  const stopHearing = hearDirect(redis, `${prefix}:${CHANNEL}${processId}`, async (runId) => {
    if ((await look(runId)) === 'busy') passOn(runId);
  });
  const worker = new Worker(
    QUEUE,
    async (job, token) => {
      const runId = (job.id ?? '').replace(/-\d+$/, '');
      if ((await look(runId)) === 'done') return;
      await worker.pause(true);
      await job.moveToWait(token);
      throw new WaitingError();
    },
    {
      connection: redis.open('dispatch'),
      prefix,
      skipVersionCheck: true,
      autorun: false,
      concurrency: 1,
      removeOnComplete: { count: 0 },
      removeOnFail: { count: 0 },
    },
  );
  worker.on('error', (error) => {
    if (redis.health().state === 'connected') report('Receiving offered runs failed; retrying', error);
  });
  worker.run().catch((error) => report('Receiving offered runs failed', error));
  return {
    resume: () => {
      if (worker.isPaused()) void worker.resume();
    },
    close: () => {
      stopHearing();
      return inTime(worker.close(true));
    },
  };
}

/** Subscribes again after a lost connection. Until then, messages reach no process, so they become jobs. */
function hearDirect({ subscriber }: RedisLink, channel: string, take: (runId: string) => Promise<void>): () => void {
  const hear = (on: string, runId: string): void => void (on === channel && take(runId));
  const subscribe = (): void => void subscriber.subscribe(channel).catch(() => {});
  subscriber.on('message', hear);
  subscriber.on('ready', subscribe);
  if (subscriber.status === 'ready') subscribe();
  return () => {
    subscriber.off('message', hear);
    subscriber.off('ready', subscribe);
    if (subscriber.status === 'ready') subscriber.unsubscribe(channel).catch(() => {});
  };
}

/** BullMQ waits for Redis while closing. */
async function inTime(closing: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const timeUp = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, CLOSE_MS);
  });
  await Promise.race([closing.catch(() => {}), timeUp]).finally(() => clearTimeout(timer));
}
