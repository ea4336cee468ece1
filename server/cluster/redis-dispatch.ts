import { Queue, WaitingError, Worker } from 'bullmq';
import type { RedisLink } from './redis-link.ts';

/*
 * Tells workers over a BullMQ queue that a run can be driven. A job is only a hint: the store decides whether the run needs a driver, and
 * workers also poll the store. So jobs are never retried, hold only a run ID, and may be lost with Redis (S43).
 */

const QUEUE = 'runs';
const JOB = 'look';
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
  close(): Promise<void>;
}

export function createOffers({ redis, prefix, report }: Parts): Offers {
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
  return {
    offer: (runId, seq) => {
      if (redis.commands.status !== 'ready' || pending >= MOST_PENDING) return;
      count();
      if (isFull) return;
      pending++;
      queue
        .add(JOB, {}, { jobId: `${runId}-${seq}` })
        .catch((error) => report('Offering a run to workers failed; they find it by polling', error))
        .finally(() => pending--);
    },
    close: () => inTime(queue.close()),
  };
}

export interface OfferedRuns {
  /** Call when a slot is free again after `busy`. */
  resume(): void;
  /** Takes no more offers. */
  close(): Promise<void>;
}

/** Calls `look` with each offered run, one after another. After `busy`, the offer goes to another worker, and no more come until `resume`. */
export function hearOffers({ redis, prefix, report }: Parts, look: (runId: string) => Promise<'done' | 'busy'>): OfferedRuns {
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
    close: () => inTime(worker.close(true)),
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
