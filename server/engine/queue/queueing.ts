import { type KeyRange, keysOf, type Priority, readQueueKey } from '@switchyard/shared/run/queue-key.ts';
import type { AcceptedRun, EnginePorts } from '../ports.ts';
import { createKeyReader } from './key-reader.ts';
import type { QueuePorts } from './queue-ports.ts';

/*
 * Decides which queued run is driven next (S46). Owns the turns: of priorities, workflows, and tenants. Does not own the limits: a claim is one
 * compare-and-set in the store, so a limit holds however many processes pick, and a crash leaks no slot.
 * Invariants: 1. A pick costs a few index seeks, however many runs are queued. 2. A workflow that is at its limit, or held, delays no other.
 * 3. A freed slot is never missed: slots freed during a pick are checked after it.
 */

/** High, normal, and low priority get 4, 2, and 1 of 7 turns. */
const TURNS: readonly Priority[] = ['high', 'normal', 'high', 'low', 'high', 'normal', 'high'];
/** How many entries of one workflow a pick looks at: they may be held, or just claimed by others. */
const MOST_LOOKS = 20;
/** For how many workflows the last tenant is remembered. The others start over with their first tenant. */
const REMEMBERED = 5_000;
/** How many runs from the queue one process drives at once, even where limits would allow more. */
const STARTED_AT_ONCE = 1_000;
const RETRY_MS = 1_000;
const WHOLE_QUEUE: KeyRange = { from: keysOf('high').from, to: keysOf('low').to };

/** The keys after those of `last`, and then from the beginning up to and including them. */
const circle = (whole: KeyRange, last: KeyRange | undefined): readonly KeyRange[] =>
  last
    ? [
        { from: last.to, to: whole.to },
        { from: whole.from, to: last.to },
      ]
    : [whole];

/** The turns of one workspace. `full`: workflows at their limit, which are skipped. */
function createTurns({ page, claim }: Pick<QueuePorts, 'page' | 'claim'>, workspaceId: string, full: Set<string>) {
  const keys = createKeyReader((range, limit) => page(workspaceId, range, limit));
  let turn = 0;
  /** The last pick found nothing, so the next one first checks whether anything is queued. */
  let isIdle = true;
  const lastWorkflow = new Map<Priority, string>();
  const lastTenant = new Map<string, string>();

  /** The run of the tenant whose turn it is. */
  const ofWorkflow = async (priority: Priority, workflowId: string): Promise<string | undefined> => {
    const whole = keysOf(priority, workflowId);
    const last = lastTenant.get(whole.from);
    let looks = 0;
    for (const range of circle(whole, last === undefined ? undefined : keysOf(priority, workflowId, last))) {
      let { from } = range;
      for (; looks < MOST_LOOKS; looks++) {
        const key = await keys.first({ from, to: range.to });
        if (key === undefined) break;
        const { tenant, runId } = readQueueKey(key);
        const outcome = await claim(workspaceId, key);
        if (outcome === 'claimed' || outcome === 'gone') keys.drop(key);
        if (outcome === 'full') full.add(workflowId);
        if (outcome === 'full') return undefined;
        const isOver = outcome === 'gone' || outcome === 'unreadable';
        if (!isOver) {
          if (lastTenant.size >= REMEMBERED) lastTenant.clear();
          lastTenant.set(whole.from, tenant);
        }
        if (outcome === 'claimed') return runId;
        from = isOver ? `${key} ` : keysOf(priority, workflowId, tenant).to;
      }
    }
    return undefined;
  };

  /** The run of the workflow whose turn it is. */
  const ofPriority = async (priority: Priority): Promise<string | undefined> => {
    const last = lastWorkflow.get(priority);
    for (const range of circle(keysOf(priority), last === undefined ? undefined : keysOf(priority, last))) {
      let { from } = range;
      for (;;) {
        const key = await keys.first({ from, to: range.to });
        if (key === undefined) break;
        const { workflowId } = readQueueKey(key);
        const runId = full.has(workflowId) ? undefined : await ofWorkflow(priority, workflowId);
        if (runId !== undefined) lastWorkflow.set(priority, workflowId);
        if (runId !== undefined) return runId;
        from = keysOf(priority, workflowId).to;
      }
    }
    return undefined;
  };

  const pick = async (): Promise<string | undefined> => {
    if (isIdle && (await keys.first(WHOLE_QUEUE)) === undefined) return undefined;
    isIdle = false;
    const tried = new Set<Priority>();
    for (let offset = 0; offset < TURNS.length; offset++) {
      const at = (turn + offset) % TURNS.length;
      const priority = TURNS[at] ?? 'normal';
      if (tried.has(priority)) continue;
      tried.add(priority);
      const runId = await ofPriority(priority);
      if (runId === undefined) continue;
      turn = at + 1;
      return runId;
    }
    isIdle = true;
    return undefined;
  };
  return { pick, keys, isIdle: () => isIdle };
}

/** Claims the next run. Runs may have been queued since the last pick if something `changed`. */
async function claimNext({ pick, keys, isIdle }: ReturnType<typeof createTurns>, changed: boolean): Promise<string | undefined> {
  const isRead = changed || isIdle() || keys.isFull();
  if (isRead) keys.forget();
  const runId = await pick();
  if (runId !== undefined || isRead) return runId;
  keys.forget();
  return pick();
}

export interface Queueing {
  /** Something changed: starts what may start. `freed`: a slot of this workflow; otherwise all limits are looked at again. */
  look(freed?: string): void;
  /** A run is no longer driven here. */
  done(runId: string, freed: string | undefined): void;
  stop(): void;
}

interface QueueingParts {
  readonly ports: Pick<EnginePorts, 'queue' | 'after' | 'report'>;
  /** Another run may be driven here. */
  readonly hasRoom: () => boolean;
  /** Drives a claimed run. */
  readonly start: (runId: string) => void;
}

export function createQueueing({ ports: { queue, after, report }, hasRoom, start }: QueueingParts): Queueing {
  const full = new Set<string>();
  /** Runs that came from the queue and are driven here. */
  const started = new Set<string>();
  const turns = new Map<string, ReturnType<typeof createTurns>>();
  /** What changed since the last look: workflows with a free slot, or everything. */
  let changed = new Set<string>();
  let allChanged = false;
  /** Runs may have been queued since the last pick. */
  let mayHaveMore = true;
  let looking = false;
  /** Runs may be queued that would start if this process had room. */
  let lacksRoom = false;
  let stopped = false;
  let rotation = 0;

  const pick = async (changed: boolean): Promise<string | undefined> => {
    const workspaces = await queue.workspaces();
    for (let offset = 0; offset < workspaces.length; offset++) {
      const workspaceId = workspaces[(rotation + offset) % workspaces.length] ?? '';
      const next = turns.get(workspaceId) ?? createTurns(queue, workspaceId, full);
      turns.set(workspaceId, next);
      const runId = await claimNext(next, changed);
      if (runId === undefined) continue;
      rotation += offset + 1;
      return runId;
    }
    return undefined;
  };

  const startAll = async (): Promise<void> => {
    for (;;) {
      lacksRoom = !hasRoom() || started.size >= STARTED_AT_ONCE;
      const isRead = mayHaveMore;
      if (!lacksRoom) mayHaveMore = false;
      const runId = lacksRoom || stopped ? undefined : await pick(isRead);
      if (runId === undefined) return;
      started.add(runId);
      start(runId);
    }
  };

  const fill = async (): Promise<void> => {
    try {
      while (changed.size > 0 || allChanged) {
        if (allChanged) full.clear();
        for (const workflowId of changed) full.delete(workflowId);
        changed = new Set();
        allChanged = false;
        await startAll();
      }
    } finally {
      looking = false;
    }
  };

  const lookAt = (freed?: string): void => {
    if (stopped) return;
    if (freed === undefined) allChanged = true;
    else changed.add(freed);
    if (looking) return;
    looking = true;
    fill().catch((error) => {
      report('Reading the queue failed; retrying', { runId: '', error });
      after(RETRY_MS, () => look());
    });
  };

  const look = (freed?: string): void => {
    mayHaveMore = true;
    lookAt(freed);
  };
  return {
    look,
    done: (runId, freed) => {
      started.delete(runId);
      if (freed !== undefined || lacksRoom) lookAt(freed ?? '');
    },
    stop: () => {
      stopped = true;
    },
  };
}

export type Turn = { readonly kind: 'queued' } | { readonly kind: 'drive'; readonly isCancelled: boolean };

/** Whether a woken run may be driven now or must queue. A run being canceled starts no more steps, so it needs no slot. */
export async function turnOf(ports: Pick<EnginePorts, 'queue' | 'pendingSignals'>, run: AcceptedRun, isCancelling: boolean): Promise<Turn> {
  const { queue } = ports;
  if (run.slot !== undefined || (!run.queued && !queue.isLimited(run))) return { kind: 'drive', isCancelled: false };
  const isCancelled = isCancelling || (await ports.pendingSignals(run)).some(({ kind }) => kind === 'cancel');
  if (isCancelled) return (await queue.dequeue(run)) ? { kind: 'drive', isCancelled } : { kind: 'queued' };
  await queue.enqueue(run);
  return { kind: 'queued' };
}
