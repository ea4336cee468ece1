import { type SignatureSettings, signatureSettingsSchema } from '@switchyard/shared/contracts/webhooks.ts';
import { weightOf } from '@switchyard/shared/expression/metering/weight.ts';
import { checkInParts } from '@switchyard/shared/graph/check.ts';
import type { NodeCatalog } from '@switchyard/shared/graph/node-kind.ts';
import { hasErrors, type Problem } from '@switchyard/shared/graph/problem.ts';
import { LRUCache } from 'lru-cache';
import type { Bus } from '../../engine/bus.ts';
import { openOrNothing, type Secrets } from '../../secrets/secrets.ts';
import { graphs, versions, type WebhookRecord, type WorkflowRecord, webhooks, workflows } from '../../store/collections.ts';
import type { Store, WorkspaceStore } from '../../store/port.ts';
import { inTurns } from '../../turns.ts';
import type { PolicyInForce, PolicyLibrary } from '../policies/policy-library.ts';
import { type Division, divisionOf } from '../releases/choose-version.ts';
import { type Admission, admissionOf, textFieldsOf } from '../runs/admit-input.ts';
import { contentHash } from '../workflows/content-hash.ts';
import { liveVersionOf } from '../workflows/live-version.ts';
import { onWorkflowChange } from '../workflows/on-workflow-change.ts';
import { type LabelsOf, labelsFrom } from './call-labels.ts';
import { type SigningKey, signingKey } from './signatures.ts';

/*
 * Owns which workflow a webhook's URL belongs to, in memory so that a request costs no reads. Every use case that changes a
 * workflow or its webhook calls `forget`, which tells all processes. As messages may be lost, targets are read again after `freshMs` where
 * several processes work on a store.
 */

export interface HookTarget {
  readonly kind: 'live' | 'test';
  readonly workflow: { readonly id: string; readonly name: string; readonly paused: boolean; readonly pauseReason: string | null };
  readonly settings: WebhookRecord;
  /** What a request runs. Absent if the workflow was never published. */
  readonly runs?: HookRun;
  /** How live runs are divided, if they are: between `runs` and the canary. */
  readonly divided?: { readonly division: Division; readonly canary?: HookRun };
  /** How requests must be signed, if required. */
  readonly signed?: SignedBy;
  readonly labelsOf?: LabelsOf;
  /** The data policy of its runs, if it has one. */
  readonly policy?: HookPolicy;
}

export interface HookPolicy {
  readonly inForce: PolicyInForce;
  /** A hash of something the caller sent that reveals nothing about it. */
  keyedHash(value: string | Uint8Array): string;
}

export interface SignedBy {
  readonly settings: SignatureSettings;
  readonly keys: readonly SigningKey[];
  /** Some secret can't be decrypted, so a signature that matches no key may still be valid. */
  readonly unreadable: boolean;
}

export interface HookRun {
  readonly version: 'draft' | number;
  readonly graphHash: string;
  readonly admission: Admission;
  /** Fields of the input that are text: a file sent in one is read as text. */
  readonly textFields: ReadonlySet<string>;
  /** Approximate memory use. */
  readonly bytes: number;
  /** A draft is stored under its hash on its first run. A version's graph is stored already. */
  readonly draft?: { readonly graph: WorkflowRecord['draft']; readonly problems: readonly Problem[] };
}

export interface HookTargets {
  /** The target of a token. Undefined if there is none. */
  find(kind: 'live' | 'test', token: string): Promise<HookTarget | undefined> | HookTarget | undefined;
  /** The same, only if it is in memory. */
  known(kind: 'live' | 'test', token: string): HookTarget | undefined;
  /** The workflow or its webhook has changed. `isControl`: it was paused, resumed, or deleted. */
  forget(workflowId: string, isControl?: boolean): void;
}

const MOST_KEPT = 2_000;
/** Targets of drafts hold their graph, so limiting their number would not bound the memory. */
const MOST_BYTES = 16_000_000;
/** Memory of a target without its graph, and of each element of the graph. */
const BYTES = { target: 2_000, element: 40 };

/** The additional authenticated data of a webhook's signing secrets: they can be decrypted only for this webhook. */
export const sealName = (workflowId: string): string => `webhook:${workflowId}`;

interface Parts {
  readonly stores: Store;
  readonly catalog: NodeCatalog;
  readonly secrets: Pick<Secrets, 'open'>;
  readonly policies: Pick<PolicyLibrary, 'ofWorkflow' | 'keyedHash'>;
  readonly bus: Bus;
  /** How long a target is used before it is read again. Absent: until it changes. */
  readonly freshMs?: number;
}

export function createHookTargets({ stores, catalog, secrets, policies, bus, freshMs }: Parts): HookTargets {
  const kept = new LRUCache<string, HookTarget>({
    max: MOST_KEPT,
    maxSize: MOST_BYTES,
    sizeCalculation: ({ runs, divided }) => BYTES.target + (runs?.bytes ?? 0) + (divided?.canary?.bytes ?? 0),
    ...(freshMs !== undefined && { ttl: freshMs }),
  });
  // Counts changes: data read before a change must not be cached after it.
  let changes = 0;

  const load = async (kind: 'live' | 'test', token: string): Promise<HookTarget | undefined> => {
    const before = changes;
    const field = kind === 'live' ? 'liveToken' : 'testToken';
    const workspaceId = await stores.workspaceOf(webhooks, field, token);
    if (workspaceId === undefined) return undefined;
    const store = stores.in(workspaceId);
    const found = await store.find(webhooks, { where: { [field]: token }, limit: 1 });
    const settings = found.items[0];
    const workflow = settings && (await store.get(workflows, settings.id));
    if (!workflow || workflow.deletedAt !== null) return undefined;
    const runs = kind === 'live' ? await versionRun(store, workflow, liveVersionOf(workflow), catalog) : await draftRun(workflow, catalog);
    const divided = kind === 'live' ? await dividedRuns(store, workflow, catalog) : undefined;
    const { id, name, paused, pauseReason } = workflow;
    const labelsOf = labelsFrom(settings.labels);
    const signed = signedCalls(settings, secrets);
    const inForce = await policies.ofWorkflow(store, workflow.id);
    const target: HookTarget = {
      kind,
      workflow: { id, name, paused, pauseReason },
      settings,
      ...(runs && { runs }),
      ...(divided && { divided }),
      ...(signed && { signed }),
      ...(labelsOf && { labelsOf }),
      ...(inForce && { policy: { inForce, keyedHash: policies.keyedHash } }),
    };
    if (before === changes) kept.set(`${kind}:${token}`, target);
    return target;
  };

  onWorkflowChange(bus, (hasChanged) => {
    changes++;
    for (const [key, target] of kept.entries()) if (hasChanged(target.workflow.id)) kept.delete(key);
  });

  return {
    known: (kind, token) => kept.get(`${kind}:${token}`),
    find: (kind, token) => kept.get(`${kind}:${token}`) ?? load(kind, token),
    forget: (workflowId, isControl = false) => bus.publish({ kind: 'workflow-changed', workflowId, isControl }),
  };
}

/** The approximate memory use of this data. */
function bytesOf(data: object): number {
  const { elements, characters } = weightOf(data);
  return characters + BYTES.element * elements;
}

function signedCalls({ id, signature: stored, secrets: kept = [] }: WebhookRecord, secrets: Pick<Secrets, 'open'>): SignedBy | undefined {
  if (!stored || stored.scheme === 'none') return undefined;
  // A record of version 0.1.0 has fewer settings.
  const settings = signatureSettingsSchema.parse(stored);
  let unreadable = false;
  const keys = kept.flatMap(({ sealed, validUntil }): SigningKey[] => {
    const secret = openOrNothing(secrets, sealed, sealName(id));
    if (secret === undefined) unreadable = true;
    const key = secret === undefined ? undefined : signingKey(settings.scheme, secret);
    return key ? [{ key, validUntil: validUntil === null ? null : Date.parse(validUntil) }] : [];
  });
  return { settings, keys, unreadable };
}

/** Undefined if all live runs are on one version, none has a key, and there is no shadow. */
async function dividedRuns(store: WorkspaceStore, workflow: WorkflowRecord, catalog: NodeCatalog): Promise<HookTarget['divided']> {
  const division = divisionOf(workflow);
  if (!division || (!division.canary && !division.sticky && !division.shadow)) return undefined;
  const canary = division.canary && (await versionRun(store, workflow, division.canary.version, catalog));
  return { division, ...(canary && { canary }) };
}

async function versionRun(store: WorkspaceStore, workflow: WorkflowRecord, version: number | null, catalog: NodeCatalog): Promise<HookRun | undefined> {
  const record = version === null ? undefined : await store.get(versions, `${workflow.id}:${version}`);
  const frozen = record && (await store.get(graphs, record.graphHash));
  if (version === null || !frozen) return undefined;
  const starts = frozen.graph.nodes.filter(({ type }) => catalog(type)?.role === 'start');
  return {
    version,
    graphHash: frozen.id,
    admission: admissionOf(frozen.graph, catalog),
    textFields: textFieldsOf(frozen.graph, catalog),
    bytes: bytesOf(starts),
  };
}

async function draftRun({ draft }: WorkflowRecord, catalog: NodeCatalog): Promise<HookRun> {
  const problems = await inTurns(checkInParts(draft, catalog));
  return {
    version: 'draft',
    graphHash: contentHash(draft),
    admission: hasErrors(problems) ? () => [] : admissionOf(draft, catalog),
    textFields: textFieldsOf(draft, catalog),
    bytes: bytesOf({ draft, problems }),
    draft: { graph: draft, problems },
  };
}
