import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { queueSettings } from '@switchyard/shared/contracts/triggers/queue.ts';
import { toAppError } from '@switchyard/shared/errors.ts';
import { connectRedis } from '../../../data-servers/connect-redis.ts';
import type { Egress } from '../../../egress/egress.ts';
import { type Bus, POLL_MS } from '../../../engine/bus.ts';
import type { Sealing } from '../../../models/model-parts.ts';
import { connections } from '../../../store/collections.ts';
import { findAll } from '../../../store/find-all.ts';
import type { WorkspaceStore } from '../../../store/port.ts';
import { type TriggerRecord, triggers } from '../../../store/triggers/trigger-collections.ts';
import type { Workspaces } from '../../../store/workspaces.ts';
import { redisAccess } from '../../connections/redis-access.ts';
import { isHeldAfterRestore } from '../../held-runs/held-records.ts';
import { latest } from '../../latest.ts';
import type { RunStarting } from '../../runs/accept-run.ts';
import { CONSUMER, readStream } from './read-stream.ts';

/*
 * Reads the queues of all enabled triggers, in every process that drives runs: the consumer group gives each message to one of them. Owns the
 * connections: one that breaks is opened again with backoff, and the trigger says so (`waitsFor`). Changes of a trigger or its
 * connection are noticed at once in this process, and within 10 s in others.
 */

const FIRST_BACKOFF_MS = 500;
const LONGEST_BACKOFF_MS = 30_000;

export interface QueueParts {
  readonly startingIn: (workspaceId: string) => RunStarting;
  readonly workspaces: Workspaces;
  readonly egress: Pick<Egress, 'openSocket'>;
  readonly secrets: Pick<Sealing, 'open'>;
  readonly report: (problem: string, error: unknown) => void;
  /** For tests. */
  readonly claimMs?: number;
}

interface Reader {
  /** What it was started with. */
  readonly version: string;
  readonly stop: () => Promise<void>;
}

export function createQueues(parts: QueueParts) {
  const { startingIn, workspaces, report } = parts;
  const consumer = `${CONSUMER}${randomUUID()}`;
  const readers = new Map<string, Reader>();
  let isStopped = false;

  const pass = async (): Promise<void> => {
    const wanted = new Map<string, { trigger: TriggerRecord; version: string; context: RunStarting }>();
    for (const workspaceId of await workspaces()) {
      const context = startingIn(workspaceId);
      const found = (await findAll(context.store, triggers, { where: { kind: 'queue' } })).filter(({ enabled }) => enabled);
      if (found.length === 0 || (await isHeldAfterRestore(context.store))) continue;
      for (const trigger of found) wanted.set(trigger.id, { trigger, context, version: await versionOf(context.store, trigger) });
    }
    for (const [id, reader] of readers) {
      if (!isStopped && wanted.get(id)?.version === reader.version) continue;
      readers.delete(id);
      await reader.stop();
    }
    if (isStopped) return;
    for (const [id, { trigger, context, version }] of wanted)
      if (!readers.has(id)) readers.set(id, { version, stop: startReader(parts, context, trigger, consumer) });
  };
  const work = latest(pass);
  const soon = (): void => void work().catch((error: unknown) => report('Reading queue triggers failed; retrying', error));
  let stop = (): void => {};
  return {
    start: (bus: Bus): void => {
      const unsubscribe = bus.subscribe((message) => {
        if (message.kind === 'invalidate' && (message.what === 'triggers' || message.what === 'held-runs')) soon();
      });
      const timer = setInterval(soon, POLL_MS.workers).unref();
      stop = () => {
        unsubscribe();
        clearInterval(timer);
      };
      soon();
    },
    stop: async (): Promise<void> => {
      isStopped = true;
      stop();
      await Promise.all([...readers.values()].map((reader) => reader.stop()));
      await work().catch(() => {});
    },
  };
}

/** What a reader depends on. Waiting changes none of it. */
async function versionOf(store: WorkspaceStore, { revision, settings }: TriggerRecord): Promise<string> {
  const connection = await store.get(connections, queueSettings.parse(settings).source.connectionId);
  return `${revision} ${connection ? (connection.revision ?? 1) : 'none'}`;
}

/** Reads one queue until it is stopped. Returns how to stop it. */
function startReader({ egress, secrets, report, claimMs }: QueueParts, context: RunStarting, trigger: TriggerRecord, consumer: string): () => Promise<void> {
  const { store } = context;
  const end = new AbortController();
  const { signal } = end;
  const { connectionId } = queueSettings.parse(trigger.settings).source;
  let said = trigger.waitsFor;
  const onWait = async (waitsFor: string | null): Promise<void> => {
    if (waitsFor === said) return;
    await store.update(triggers, trigger.id, { waitsFor }, { equal: { revision: trigger.revision } });
    said = waitsFor;
  };
  const readOnce = async (): Promise<void> => {
    const redis = await connectRedis(egress, redisAccess(secrets, await store.get(connections, connectionId)), signal);
    try {
      await readStream(redis, { context, trigger, consumer, onWait, report, claimMs }, signal);
    } finally {
      redis.disconnect();
    }
  };
  const read = async (): Promise<void> => {
    for (let failures = 0; !signal.aborted; ) {
      const began = performance.now();
      const error = await readOnce().then(
        () => undefined,
        (thrown: unknown) => thrown,
      );
      if (signal.aborted) return;
      failures = performance.now() - began > LONGEST_BACKOFF_MS ? 1 : failures + 1;
      const { code } = toAppError(error);
      if (said !== (code === 'internal' ? 'connect-failed' : code)) report(`Reading the queue of trigger ${trigger.id} failed; retrying`, error);
      await onWait(code === 'internal' ? 'connect-failed' : code).catch(() => {});
      const backoff = Math.min(FIRST_BACKOFF_MS * 2 ** Math.min(failures - 1, 10), LONGEST_BACKOFF_MS);
      await pause(backoff * (0.75 + Math.random() / 4), undefined, { signal }).catch(() => {});
    }
  };
  const done = read();
  return async () => {
    end.abort();
    await done.catch(() => {});
  };
}
