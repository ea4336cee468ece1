import { AppError } from '@switchyard/shared/errors.ts';
import { blobOf, filesOf, findFiles, isReference, restoreFiles } from '@switchyard/shared/files/stored-value.ts';
import type { Graph } from '@switchyard/shared/graph/graph.ts';
import { parseAddress } from '@switchyard/shared/run/address.ts';
import type { ReviewTask } from '@switchyard/shared/run/events.ts';
import { REMOVED_ASSIGNEE, removedTask } from '@switchyard/shared/run/removed.ts';
import { eventsInRow } from '@switchyard/shared/run/upcast.ts';
import type { AcceptedRun, EnginePorts, OpenReview } from '../engine/ports.ts';
import type { Secrets } from '../secrets/secrets.ts';
import { isSealedRow, openRow, openTrigger, openValue, type RunSeal, sealedRow, sealedSummary, sealedValue, sealOf } from '../services/policies/run-seal.ts';
import type { SealedTask } from '../services/reviews/reviews.ts';
import { graphs } from '../store/collections.ts';
import type { Payloads } from '../store/payloads.ts';
import { staysInPlace } from '../store/payloads.ts';
import type { Store } from '../store/port.ts';

/*
 * Encrypts what the engine writes about a run with logging `metadata`, and decrypts what it reads (S66). Other runs pass through unchanged.
 */

type Plain = Pick<EnginePorts, 'loadRun' | 'append' | 'summarize' | 'pendingSignals' | 'insertSignal' | 'openReview' | 'reviewOverdue' | 'offload' | 'load'>;

interface World {
  readonly store: Store;
  readonly secrets: Pick<Secrets, 'open'>;
  readonly payloads: Payloads;
}

export function sealingPorts({ store, secrets, payloads }: World, plain: Plain): Plain & Pick<EnginePorts, 'readJournal'> {
  const sealFor = ({ workspaceId, runId }: Pick<AcceptedRun, 'workspaceId' | 'runId'>): Promise<RunSeal | undefined> =>
    sealOf(store.in(workspaceId), secrets, runId);
  const demandSeal = async (run: AcceptedRun): Promise<RunSeal> => {
    const seal = await sealFor(run);
    if (!seal) throw new AppError('secret-unreadable', 'The key of this run can’t be decrypted, so it can’t continue.');
    return seal;
  };
  const offloadSealed = async (run: AcceptedRun, value: unknown): Promise<unknown> => {
    const files = findFiles(value);
    // An object with this key is always stored separately.
    const stored = await payloads.offload(run.workspaceId, { $blob: (await demandSeal(run)).seal(value) });
    return files.length === 0 ? stored : { $files: files, value: stored };
  };
  const loadSealed = async (run: AcceptedRun, reference: unknown): Promise<unknown> => {
    const blob = blobOf(reference);
    if (!blob) return plain.load(run, reference);
    const { $blob: sealed } = (await payloads.load(run.workspaceId, blob.$blob)) as { readonly $blob: string };
    return restoreFiles((await demandSeal(run)).open(sealed), filesOf(reference));
  };
  return {
    loadRun: async (runId) => {
      const run = await plain.loadRun(runId);
      if (run?.trigger.sealed === undefined) return run;
      return { ...run, sealed: true, trigger: openTrigger(await sealFor(run), run.trigger) };
    },
    readJournal: async (run) => {
      const rows = await store.in(run.workspaceId).readJournal(run.runId);
      if (!rows.some(isSealedRow)) return rows.flatMap(eventsInRow);
      const seal = await sealFor(run);
      return rows.map((row) => openRow(seal, row)).flatMap(eventsInRow);
    },
    append: (run, row, summary) =>
      run.sealed ? demandSeal(run).then((seal) => plain.append(run, sealedRow(seal, row), summary && sealedSummary(summary))) : plain.append(run, row, summary),
    summarize: (run, summary) => plain.summarize(run, run.sealed ? sealedSummary(summary) : summary),
    pendingSignals: async (run) => {
      const found = await plain.pendingSignals(run);
      const seal = run.sealed && found.length > 0 ? await sealFor(run) : undefined;
      return seal ? found.map((signal) => ({ ...signal, value: openValue(seal, signal.value) })) : found;
    },
    insertSignal: async (run, signal) => plain.insertSignal(run, run.sealed ? { ...signal, value: sealedValue(await demandSeal(run), signal.value) } : signal),
    openReview: async (run, review) => {
      if (!run.sealed) return plain.openReview(run, review);
      const seal = await demandSeal(run);
      const task = sealedTask(review, (await store.in(run.workspaceId).get(graphs, run.graphHash))?.graph);
      const files = findFiles(review.task);
      const sealed: SealedTask = files.length > 0 ? { ...review.task, files } : review.task;
      // The names of its files would be readable in the reference.
      const { whole: _whole, ...bare } = review;
      return plain.openReview(run, { ...bare, task, sealed: seal.seal(sealed) });
    },
    reviewOverdue: (run, id, decided) => plain.reviewOverdue(run, id, run.sealed ? withoutValues(decided) : decided),
    offload: (run, value) => (run.sealed && !staysInPlace(value) ? offloadSealed(run, value) : plain.offload(run, value)),
    load: (run, reference) => (run.sealed && isReference(reference) ? loadSealed(run, reference) : plain.load(run, reference)),
  };
}

/** What a review shows without the key of its run. An assignee that the graph names is no payload; one from a template may be. */
function sealedTask({ task, stepId }: OpenReview, graph: Graph | undefined): ReviewTask {
  const address = parseAddress(stepId);
  const params = graph?.nodes.find(({ data }) => address?.kind === 'step' && data.key === address.nodeKey)?.data.params;
  const isNamed = (assignee: string): boolean => assignee === params?.assignee || assignee === params?.dueAssignee;
  const { assignee, whenDue } = task;
  return {
    ...removedTask(task),
    ...(assignee !== undefined && { assignee: isNamed(assignee) ? assignee : REMOVED_ASSIGNEE }),
    ...(whenDue?.action === 'assign' && isNamed(whenDue.assignee) && { whenDue }),
  };
}

/** A decision without what the reviewer wrote. */
const withoutValues = (decided: unknown): unknown =>
  typeof decided === 'object' && decided !== null ? { ...decided, values: {}, comment: '', reasons: [] } : decided;
