import { errorDataSchema } from '@switchyard/shared/errors.ts';
import type { CapturedCall } from '@switchyard/shared/realtime/protocol.ts';
import type { JournalEvent } from '@switchyard/shared/run/events.ts';
import { RUN_STATUSES } from '@switchyard/shared/run/state.ts';
import { z } from 'zod';
import type { BusMessage } from '../engine/bus.ts';

/*
 * The messages of the bus as other processes get them. Redis is as trusted as the database. Messages are validated
 * because processes may have other versions: one that this version doesn’t know is ignored. The events of a commit follow on a second line.
 */

/** A message with more events than fit is sent without them, and receivers read the journal. */
const MOST_BYTES = 32_768;

/** `pages`: for processes that serve pages and callers. `all`: for every process. */
export type Channel = 'pages' | 'all';

const FOR_ALL: ReadonlySet<BusMessage['kind']> = new Set(['wake', 'invalidate', 'credential-ended', 'connection-freed', 'missed']);

export const channelOf = ({ kind }: BusMessage): Channel => (FOR_ALL.has(kind) ? 'all' : 'pages');

const INVALIDATED = [
  'inbox',
  'prompts',
  'budgets',
  'prices',
  'kill-switches',
  'held-runs',
  'queue',
  'triggers',
  'experiments',
] as const satisfies readonly Invalidated[];
type Invalidated = Extract<BusMessage, { kind: 'invalidate' }>['what'];

const text = z.string().max(1_000);
const place = z.object({ runId: text, workspaceId: text, workflowId: text, policy: text.exactOptional(), sealed: z.boolean().exactOptional() });
const whole = z.number().int().min(0);
const words = z.object({ stepId: text, callId: text, at: whole, text: z.string(), restart: z.literal(true).exactOptional(), toCaller: z.boolean() });
const target = z.object({ connection: text, model: text });
const fallback = z.object({ stepId: text, callId: text, from: target, to: target, error: errorDataSchema });
const committedEvent = z.looseObject({ type: text, seq: whole }).transform((event) => event as unknown as JournalEvent);
const capturedCall = z.looseObject({ at: text, method: text, contentType: z.string() }).transform((call) => call as unknown as CapturedCall);

const message = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('wake'), runId: text }),
  z.object({
    kind: z.literal('run-committed'),
    run: place,
    events: z.array(committedEvent),
    head: whole,
    status: z.enum(RUN_STATUSES),
  }),
  z.object({ kind: z.literal('deltas'), run: place, words }),
  z.object({ kind: z.literal('fallback'), run: place, fallback }),
  z.object({ kind: z.literal('run-settled'), runId: text }),
  z.object({ kind: z.literal('invalidate'), workspaceId: text, what: z.enum(INVALIDATED) }),
  z.object({ kind: z.literal('workflow-changed'), workflowId: text, isControl: z.boolean().exactOptional() }),
  z.object({ kind: z.literal('call-awaited'), workflowId: text }),
  z.object({ kind: z.literal('call-captured'), workflowId: text, call: capturedCall }),
  z.object({ kind: z.literal('credential-ended'), credentialId: text }),
  z.object({ kind: z.literal('connection-freed'), key: text }),
  z.object({ kind: z.literal('missed') }),
  z.object({ kind: z.literal('draft-saved'), workspaceId: text, workflowId: text, draftRevision: whole }),
]);
const envelope = z.object({ from: text, message });

/** The message as sent to other processes, or undefined if it stays in this one. */
export function encodeMessage(from: string, sent: BusMessage): string | undefined {
  if (sent.kind === 'run-committed') return encodeCommit(from, sent);
  // Pages never show streamed text of a sealed run (S66).
  if (sent.kind === 'deltas' && sent.run.sealed && !sent.words.toCaller) return undefined;
  return JSON.stringify({ from, message: 'run' in sent ? { ...sent, run: placeOf(sent.run) } : sent });
}

function encodeCommit(from: string, { kind, run, events, head, status }: Extract<BusMessage, { kind: 'run-committed' }>): string {
  const without = JSON.stringify({ from, message: { kind, run: placeOf(run), events: [], head, status } });
  if (run.sealed) return without;
  const whole = `${without}\n${JSON.stringify(events)}`;
  return whole.length <= MOST_BYTES ? whole : without;
}

/** Drops what the publisher says about the run beyond what others need. */
const placeOf = ({ runId, workspaceId, workflowId, policy, sealed }: z.infer<typeof place>) => ({
  runId,
  workspaceId,
  workflowId,
  ...(policy !== undefined && { policy }),
  ...(sealed && { sealed }),
});

/** A received message and who sent it. Undefined if this version doesn't know it. */
export function decodeMessage(received: string): { readonly from: string; readonly message: BusMessage } | undefined {
  const [head = '', events] = received.split('\n', 2);
  const read = parsed(envelope, head);
  if (events === undefined || read?.message.kind !== 'run-committed') return read;
  return { from: read.from, message: withEvents(read.message, events) };
}

/** Parses the events of a commit when they are first used: most runs are watched by no page of this process. */
function withEvents(message: Extract<BusMessage, { kind: 'run-committed' }>, text: string): BusMessage {
  let events: readonly JournalEvent[] | undefined;
  return {
    ...message,
    get events() {
      events ??= parsed(z.array(committedEvent), text) ?? [];
      return events;
    },
  };
}

function parsed<T>(schema: z.ZodType<T>, json: string): T | undefined {
  try {
    return schema.safeParse(JSON.parse(json)).data;
  } catch {
    return undefined;
  }
}
