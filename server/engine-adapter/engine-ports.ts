import type { FieldError } from '@switchyard/shared/errors.ts';
import { isReference } from '@switchyard/shared/files/stored-value.ts';
import type { JsonSchema } from '@switchyard/shared/json.ts';
import type { CodePool } from '../code/code-pool.ts';
import type { DocumentPool } from '../documents/document-pool.ts';
import type { SendHttp } from '../egress/egress-port.ts';
import type { Bus } from '../engine/bus.ts';
import type { Dispatch } from '../engine/dispatch.ts';
import type { Ownership } from '../engine/ownership.ts';
import type { EnginePorts } from '../engine/ports.ts';
import type { Chat } from '../models/chat-port.ts';
import { waitingForSignIn } from '../services/connections/waiting-runs.ts';
import type { KillBoard } from '../services/kill-switches/kill-board.ts';
import type { PolicyLibrary } from '../services/policies/policy-library.ts';
import type { PromptLibrary } from '../services/prompts/prompt-library.ts';
import type { QueueBoard } from '../services/queue/queue-board.ts';
import type { WriteState } from '../services/state/write-state.ts';
import type { WriteRows } from '../services/tables/write-rows.ts';
import type { WatchBoard } from '../services/triggers/ended/watch-board.ts';
import { type Payloads, staysInPlace } from '../store/payloads.ts';
import type { Store } from '../store/port.ts';
import type { Workspaces } from '../store/workspaces.ts';
import { authorityPort } from './authority-port.ts';
import { childPorts, type StartChild } from './child-ports.ts';
import { clockPorts } from './clock-ports.ts';
import { codePort } from './code-port.ts';
import { documentPorts } from './document-ports.ts';
import { filePorts, type SendRaw } from './file-ports.ts';
import { queuePorts } from './queue-ports.ts';
import { redactingPorts } from './redacting-ports.ts';
import { reviewPorts } from './review-ports.ts';
import { rowsPort } from './rows-port.ts';
import { runPorts } from './run-ports.ts';
import { sealingPorts } from './sealing-ports.ts';
import { signalPorts } from './signal-ports.ts';
import { statePort } from './state-port.ts';

export interface EngineWorld {
  readonly store: Store;
  readonly workspaces: Workspaces;
  readonly ownership: Ownership;
  readonly dispatch: Dispatch;
  readonly bus: Bus;
  readonly starting: EnginePorts['starting'];
  readonly payloads: Payloads;
  readonly prompts: PromptLibrary;
  readonly policies: PolicyLibrary;
  readonly chat: Chat;
  readonly http: SendHttp;
  readonly database: EnginePorts['database'];
  readonly threads: { readonly code: CodePool; readonly documents: DocumentPool };
  readonly writers: { readonly state: WriteState; readonly rows: WriteRows };
  readonly kills: Pick<KillBoard, 'admitCall' | 'isHeld'>;
  readonly queues: Pick<QueueBoard, 'limitsOf'>;
  readonly watched: Pick<WatchBoard, 'isWatched'>;
  readonly validate: (schema: JsonSchema, value: unknown) => readonly FieldError[];
  readonly startChild: StartChild;
  readonly callbackUrl: EnginePorts['callbackUrl'];
  readonly traceparent: EnginePorts['traceparent'];
  /** A review was opened, decided, or closed. */
  readonly inboxChanged: (workspaceId: string) => void;
  readonly report: EnginePorts['report'];
}

/** Requests that kill switches may stop, and that wait for a connection to be reconnected. */
const guardedHttp =
  ({ kills, store, http }: Pick<EngineWorld, 'kills' | 'store' | 'http'>): SendRaw =>
  async (asked, { place, ...options }) => {
    const request = place.traceparent === undefined ? asked : { ...asked, headers: withTraceparent(asked.headers, place.traceparent) };
    await kills.admitCall({ workspaceId: options.workspaceId, run: place, connectionId: request.connectionId }, options.signal);
    const { connectionId } = request;
    if (connectionId === undefined) return http(request, options);
    const { runId, stepId, retryWaitId: waitId } = place;
    const waiting = { workspaceId: options.workspaceId, runId, stepId, waitId, connectionId };
    return waitingForSignIn(store, new Date(), waiting, () => http(request, options));
  };

/** Unless the node sets one itself. */
const withTraceparent = (headers: Readonly<Record<string, string>>, traceparent: string): Readonly<Record<string, string>> =>
  Object.keys(headers).some((name) => name.toLowerCase() === 'traceparent') ? headers : { ...headers, traceparent };

/** Connects the engine's ports to the store, models, egress, and sockets. */
export function createEnginePorts(world: EngineWorld): EnginePorts {
  const { store, workspaces, payloads, kills } = world;
  const plain = {
    ...runPorts(store, workspaces, payloads, world),
    ...signalPorts(store),
    ...reviewPorts(store, world.inboxChanged),
    offload: (run, value) => payloads.offload(run.workspaceId, value),
    load: (run, reference) => payloads.read(run.workspaceId, reference),
  } satisfies Partial<EnginePorts>;
  const sealing = sealingPorts({ store, payloads, secrets: world.policies.secrets }, plain);
  const clock = clockPorts();
  const files = filePorts({ store, payloads, secrets: world.policies.secrets });
  const redacting = redactingPorts(world, { chat: files.chat(world.chat), http: guardedHttp(world) });
  return {
    random: () => Math.random(),
    ...clock,
    ownership: world.ownership,
    dispatch: world.dispatch,
    queue: queuePorts(world),
    bus: world.bus,
    starting: world.starting,
    ...plain,
    ...sealing,
    ...childPorts({ store, workspaces, startChild: world.startChild, now: clock.now }, { ...sealing, isReference }),
    readFile: files.readFile,
    keepFile: files.keepFile,
    staysInPlace,
    isReference,
    resolvePrompts: ({ workspaceId }, refs) => world.prompts.resolve(workspaceId, refs),
    loadPrompt: ({ workspaceId }, contentHash) => world.prompts.content(workspaceId, contentHash),
    ...redacting,
    http: files.http(redacting.http),
    code: codePort(world.threads.code.run),
    documents: documentPorts(world.threads.documents),
    callbackUrl: world.callbackUrl,
    state: statePort(store, world.writers.state, clock.now),
    rows: rowsPort(store, world.writers.rows, clock.now),
    database: world.database,
    authority: authorityPort(store),
    isHeld: kills.isHeld,
    validate: world.validate,
    traceparent: world.traceparent,
    report: world.report,
  };
}
