import type { WatchFigures } from '@switchyard/shared/contracts/evaluation/releases.ts';
import type { Bus } from '../../engine/bus.ts';
import { POLL_MS } from '../../engine/bus.ts';
import { lookAt } from '../../evaluation/watch/look.ts';
import { type WorkflowRecord, workflows } from '../../store/collections.ts';
import { type ReleaseWatchRecord, releaseWatches } from '../../store/evaluation/release-collections.ts';
import { insertIfAbsent } from '../../store/insert-if-absent.ts';
import type { WorkspaceStore } from '../../store/port.ts';
import type { Workspaces } from '../../store/workspaces.ts';
import { inTurns } from '../../turns.ts';
import { latest } from '../latest.ts';
import { watchOf } from './change-release.ts';
import { continueChecks } from './gate/gate-check.ts';
import { type GoBackParts, goBack } from './go-back.ts';
import { createHolding, type HeldLease } from './holding.ts';
import { type WatchedRuns, watchRuns } from './watched-runs.ts';

/*
 * Watches canaries (S83). One process does, under a lease; should two do, only one rollback is carried out (go-back.ts). Figures are kept, so that pages show them and a process that takes over continues the bands.
 */

const LOOK_MS = 1_000;
/** A look is followed by a pause of this many times its duration. */
const PAUSE = 10;
const PAGE = 50;
const MOST_CANARIES = 1_000;

export interface ReleaseWatchParts extends GoBackParts {
  readonly workspaces: Workspaces;
  readonly lease: HeldLease;
  readonly report: (problem: string, error: unknown) => void;
}

interface Watching {
  readonly revision: number;
  readonly runs: WatchedRuns;
  figures: WatchFigures | null;
  /** When the next look is due, in ms since 1970. */
  dueAt: number;
}

export function createReleaseWatch(parts: ReleaseWatchParts) {
  const { stores, workspaces, lease, now, report } = parts;
  const stop = new AbortController();
  const watching = new Map<string, Watching>();
  let listedAt = Number.NEGATIVE_INFINITY;
  const holding = createHolding(lease, () => now().getTime());

  const watchingOf = async (store: WorkspaceStore, workflow: WorkflowRecord): Promise<Watching> => {
    const revision = workflow.watchedRevision ?? 0;
    const known = watching.get(workflow.id);
    if (known?.revision === revision) return known;
    const kept = await store.get(releaseWatches, `${workflow.id}:${revision}`);
    const begun: Watching = { revision, runs: await watchRuns(store, workflow), figures: kept?.figures ?? null, dueAt: 0 };
    watching.set(workflow.id, begun);
    return begun;
  };

  const look = async (store: WorkspaceStore, workflow: WorkflowRecord): Promise<void> => {
    const [stable, canary] = workflow.release;
    if (!stable || !canary) return;
    const state = await watchingOf(store, workflow);
    const began = now().getTime();
    if (state.dueAt > began) return;
    if (!(await state.runs.refresh(store))) return;
    const watched = { limits: state.runs.limits(), runs: state.runs.counted(), knownLoss: state.runs.knownLoss };
    const asked = { ...watched, weight: canary.weight, rule: watchOf(workflow), now: began, before: state.figures?.measures ?? [] };
    const { measures, decided } = await inTurns(lookAt(asked));
    const [at, customers] = [new Date(began).toISOString(), state.runs.customers()];
    state.figures = { at, stable: stable.version, canary: canary.version, runs: { ...state.runs.counts }, customers, limits: watched.limits, measures };
    const kept = await keep(store, workflow, { revision: state.revision, figures: state.figures, decided, at: now().toISOString() });
    state.dueAt = now().getTime() + PAUSE * (now().getTime() - began);
    // Another process may have carried it out already, and wait to send the message again.
    if (kept?.decided && kept.dueAt !== null && kept.dueAt <= now().toISOString()) await goBack(parts, store, kept, stop.signal);
  };

  /** Looks at all canaries, and carries out earlier decisions. */
  const pass = async (): Promise<void> => {
    listedAt = now().getTime();
    const found = new Set<string>();
    for (const workspaceId of await workspaces()) {
      const store = stores.in(workspaceId);
      await continueChecks(parts, store);
      const due = await store.find(releaseWatches, { range: { field: 'dueAt', to: now().toISOString() }, order: { field: 'dueAt' }, limit: PAGE });
      const { items } = await store.find(workflows, { range: { field: 'canaryVersion', from: 0 }, order: { field: 'canaryVersion' }, limit: MOST_CANARIES });
      if (due.items.length + items.length > 0 && !(await holding.renew())) return watching.clear();
      for (const watch of due.items) if (!stop.signal.aborted) await goBack(parts, store, watch, stop.signal);
      for (const workflow of items) {
        if (stop.signal.aborted) return;
        found.add(workflow.id);
        if (workflow.deletedAt === null)
          await look(store, workflow).catch((error: unknown) => report(`Watching the release of workflow ${workflow.id} failed; retrying`, error));
      }
    }
    for (const id of watching.keys()) if (!found.has(id)) watching.delete(id);
  };
  const passOnce = latest(pass);
  return {
    /** Does everything that is due. For tests with their own clock. */
    work: passOnce,
    /** Looks every second while there is a canary, otherwise for one every 10 s, and when a workflow changes. */
    start: (bus: Bus): void => {
      const unsubscribe = bus.subscribe((message) => {
        if (message.kind === 'workflow-changed') listedAt = Number.NEGATIVE_INFINITY;
      });
      const timer = setInterval(() => {
        const isDue = watching.size > 0 || now().getTime() - listedAt >= POLL_MS.workers;
        if (isDue) passOnce().catch((error: unknown) => report('Watching releases failed; retrying', error));
      }, LOOK_MS).unref();
      stop.signal.addEventListener('abort', () => {
        unsubscribe();
        clearInterval(timer);
      });
    },
    /** Stops immediately. What was decided is carried out after the next start. */
    stop: async (): Promise<void> => {
      stop.abort();
      await passOnce().catch(() => {});
      await holding.end().catch(() => {});
    },
  };
}

type Looked = Pick<ReleaseWatchRecord, 'revision' | 'figures' | 'decided'> & { readonly at: string };

/** Keeps what was seen. Nothing replaces a decision. Returns what is stored now. */
async function keep(store: WorkspaceStore, { id: workflowId, workspaceId }: WorkflowRecord, looked: Looked): Promise<ReleaseWatchRecord | undefined> {
  const { revision, figures, decided, at } = looked;
  const id = `${workflowId}:${revision}`;
  const fields = { figures, decided, dueAt: decided ? at : null, updatedAt: at };
  const updated = await store.update(releaseWatches, id, fields, { equal: { decided: null } });
  if (updated) return updated;
  const fresh: ReleaseWatchRecord = { id, workspaceId, workflowId, revision, ...fields, attempts: 0, notice: null };
  return (await insertIfAbsent(store, releaseWatches, fresh)) ? fresh : store.get(releaseWatches, id);
}
