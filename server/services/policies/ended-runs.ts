import { blobOf, isFilesRef } from '@switchyard/shared/files/stored-value.ts';
import type { Reply } from '@switchyard/shared/run/events.ts';
import { fold } from '@switchyard/shared/run/fold.ts';
import { isEnded } from '@switchyard/shared/run/state.ts';
import { eventsInRow } from '@switchyard/shared/run/upcast.ts';
import type { Bus } from '../../engine/bus.ts';
import { fieldMatcher } from '../../redaction/rules.ts';
import { openUnder, sealUnder } from '../../secrets/secrets.ts';
import { type RunRecord, runs } from '../../store/collections.ts';
import { insertIfAbsent } from '../../store/insert-if-absent.ts';
import type { Payloads } from '../../store/payloads.ts';
import { endingRuns, keptReplies, runKeys } from '../../store/policy-collections.ts';
import type { Page, Store, WorkspaceStore } from '../../store/port.ts';
import { removePayloads } from '../retention/remove-payloads.ts';
import type { PolicyInForce, PolicyLibrary } from './policy-library.ts';
import { openRow, type RunSeal, sealOf } from './run-seal.ts';
import { deleteTokens, restoreTokens } from './token-vault.ts';

/*
 * Removes the payloads of runs that are not logged in full, as soon as they have ended (S66). Owns which runs are left, and the outputs that
 * callers can still get. Invariants: 1. Such a run is noted before it is accepted, so a crash leaves none behind. 2. Its output is sealed
 * before it is removed.
 */

const MINUTE_MS = 60_000;
/** By then, the waiting callers have got the output. */
const SETTLED_MS = 1_000;
const PAGE = 100;

/** Records that a run is about to be accepted. */
export async function noteEndingRun(
  store: WorkspaceStore,
  policy: PolicyInForce,
  run: { readonly id: string; readonly workspaceId: string },
  at: string,
): Promise<void> {
  if (policy.removesPayloads) await insertIfAbsent(store, endingRuns, { ...run, policy: policy.hash, acceptedAt: at });
}

/** Does the rest of accepting a run. If that fails and there is no run, deletes what was stored for it. */
export async function orForgotten<T>({ store }: { readonly store: WorkspaceStore }, runId: string, accept: () => Promise<T>): Promise<T> {
  try {
    return await accept();
  } catch (thrown) {
    // While the database is unavailable, it is unknown whether there is a run.
    await forgetUnlessRun(store, runId).catch(() => {});
    throw thrown;
  }
}

async function forgetUnlessRun(store: WorkspaceStore, runId: string): Promise<void> {
  if (await store.get(runs, runId)) return;
  await deleteTokens(store, runId);
  await store.delete(runKeys, runId);
  await store.delete(endingRuns, runId);
}

/** The output of a run whose payloads were removed. Undefined if the time for it is over. */
export async function keptReply(
  store: WorkspaceStore,
  { id, statusToken }: Pick<RunRecord, 'id' | 'statusToken'>,
  now: Date,
): Promise<Reply | null | undefined> {
  const kept = await store.get(keptReplies, id);
  if (!kept || kept.until <= now.toISOString()) return undefined;
  return JSON.parse(openUnder(statusToken, kept.sealed, `reply:${id}`)) as Reply | null;
}

interface Parts {
  readonly stores: Store;
  readonly payloads: Pick<Payloads, 'load'>;
  readonly policies: Pick<PolicyLibrary, 'byHash' | 'secrets'>;
  readonly now: () => Date;
}

export type EndedRuns = ReturnType<typeof createEndedRuns>;

export function createEndedRuns({ stores, payloads, policies, now }: Parts) {
  /** Whether the run has ended, and its values are removed if its policy says so. */
  const empty = async (workspaceId: string, runId: string, policyHash: string): Promise<boolean> => {
    const store = stores.in(workspaceId);
    const run = await store.get(runs, runId);
    if (run && !isEnded(run.status)) return false;
    if (!run) {
      await forgetUnlessRun(store, runId);
      return false;
    }
    const policy = await policies.byHash(store, policyHash);
    if (policy?.removesPayloads) {
      await keepReply(store, run, policy.content.replyMinutes);
      await removePayloads(
        { store, secrets: policies.secrets },
        run,
        now(),
        policy.content.logging === 'redacted' ? fieldMatcher(policy.content.keep) : undefined,
      );
    }
    return true;
  };

  /** Invariant 1: a run stays noted until nothing is left of its values. */
  const forget = async (workspaceId: string, runIds: readonly string[]): Promise<void> => {
    if (runIds.length === 0) return;
    const store = stores.in(workspaceId);
    await store.forgetRemoved();
    for (const runId of runIds) await store.delete(endingRuns, runId);
  };

  const loadSealed = async (workspaceId: string, hash: string, seal: RunSeal | undefined): Promise<unknown> => {
    const loaded = await payloads.load(workspaceId, hash);
    return seal ? seal.open((loaded as { readonly $blob: string }).$blob) : loaded;
  };

  const keepReply = async (store: WorkspaceStore, run: RunRecord, minutes: number): Promise<void> => {
    if (minutes === 0 || run.payloadsRemovedAt !== undefined) return;
    const seal = run.triggerData.sealed === undefined ? undefined : await sealOf(store, policies.secrets, run.id);
    const rows = await store.readJournal(run.id);
    const given = fold(rows.map((row) => openRow(seal, row)).flatMap(eventsInRow)).reply;
    const blob = given && blobOf(given.value);
    // Of a file, the description remains.
    const plain = given && isFilesRef(given.value) ? given.value.value : given?.value;
    const reply = given && { ...given, value: blob ? await loadSealed(run.workspaceId, blob.$blob, seal) : plain };
    // The tokens are removed with the run’s payloads.
    const restored = reply?.restore ? await restoreTokens(store, policies.secrets, run.id, reply) : reply;
    const until = new Date(now().getTime() + minutes * MINUTE_MS).toISOString();
    const sealed = sealUnder(run.statusToken, JSON.stringify(restored ?? null), `reply:${run.id}`);
    await insertIfAbsent(store, keptReplies, { id: run.id, workspaceId: run.workspaceId, sealed, until });
  };

  return {
    /** Removes payloads when a run ends. Returns a function that stops listening. */
    listen: (bus: Bus, report: (problem: string, error: unknown) => void): (() => void) =>
      bus.subscribe((message) => {
        if (message.kind !== 'run-committed' || message.run.policy === undefined || !isEnded(message.status)) return;
        const { workspaceId, runId, policy } = message.run;
        const finish = async () => ((await empty(workspaceId, runId, policy)) ? forget(workspaceId, [runId]) : undefined);
        const remove = () => void finish().catch((error) => report('Removing payloads of a run failed; retrying within an hour', error));
        setTimeout(remove, SETTLED_MS).unref();
      }),
    /** Finishes runs left behind by a crash or an error, and deletes expired outputs. */
    tidy: async (workspaceId: string): Promise<void> => {
      const store = stores.in(workspaceId);
      let cursor: string | null = null;
      do {
        const page: Page<{ id: string; workspaceId: string; policy: string; acceptedAt: string }> = await store.find(endingRuns, {
          limit: PAGE,
          ...(cursor !== null && { cursor }),
        });
        const emptied: string[] = [];
        for (const { id, policy, acceptedAt } of page.items) {
          // A run is noted shortly before it exists.
          if (acceptedAt < new Date(now().getTime() - MINUTE_MS).toISOString() && (await empty(workspaceId, id, policy))) emptied.push(id);
        }
        await forget(workspaceId, emptied);
        cursor = page.nextCursor;
      } while (cursor !== null);
      await deleteKeptReplies(store, now());
    },
  };
}

async function deleteKeptReplies(store: WorkspaceStore, now: Date): Promise<void> {
  for (;;) {
    const { items } = await store.find(keptReplies, { range: { field: 'until', to: now.toISOString() }, order: { field: 'until' }, limit: PAGE });
    if (items.length === 0) return;
    for (const { id } of items) await store.delete(keptReplies, id);
  }
}
