import type { Run } from '@switchyard/shared/contracts/runs.ts';
import type { Delivery } from '@switchyard/shared/contracts/webhooks.ts';
import { AppError } from '@switchyard/shared/errors.ts';
import { type RunRecord, runs, webhooks } from '../../store/collections.ts';
import { decodeCursor, encodeCursor } from '../../store/cursor.ts';
import type { ServiceContext } from '../context.ts';
import { getRun } from '../runs/get-run.ts';
import { loadValue } from '../runs/load-value.ts';
import { getWorkflowRecord } from '../workflows/workflow-record.ts';
import type { CallCapture } from './capture-calls.ts';
import { type Deliveries, MOST_DELIVERIES } from './deliveries.ts';
import { acceptCall, refuseClosedHook } from './receive-call.ts';

/** What the list of requests needs. */
export interface DeliveryParts {
  readonly deliveries: Deliveries;
  readonly capture: CallCapture;
}

const KEPT_MS = 7 * 86_400_000;

/** Recent requests of a webhook, newest first. */
export async function listDeliveries(
  context: ServiceContext,
  parts: DeliveryParts,
  workflowId: string,
  { limit, cursor }: { limit: number; cursor?: string | undefined },
): Promise<{ items: Delivery[]; nextCursor: string | null }> {
  await getWorkflowRecord(context, workflowId);
  const before = cursor === undefined ? undefined : readCursor(cursor);
  const all = await completed(context, parts, { workflowId, limit, to: before?.at });
  const rest = before ? all.filter((call) => newestFirst(call, before) > 0) : all;
  const items = rest.slice(0, limit);
  const last = items.at(-1);
  return { items, nextCursor: last && rest.length > limit ? encodeCursor({ value: last.at, id: last.id }) : null };
}

/** Noted requests, and runs whose request was not noted: it is being answered, or the server was interrupted first. */
async function completed(
  context: ServiceContext,
  { deliveries }: DeliveryParts,
  { workflowId, limit, to }: { readonly workflowId: string; readonly limit: number; readonly to: string | undefined },
): Promise<Delivery[]> {
  const noted = await deliveries.all(context.workspaceId, workflowId);
  const listed = new Set(noted.map(({ runId }) => runId));
  const oldest = new Date(context.now().getTime() - KEPT_MS).toISOString();
  const first = noted.length < MOST_DELIVERIES ? undefined : noted.map(({ at }) => at).sort()[0];
  const { items } = await context.store.find(runs, {
    where: { workflowId, trigger: ['webhook', 'test-webhook'] },
    range: { field: 'createdAt', from: first ?? oldest, ...(to !== undefined && { to }) },
    order: { field: 'createdAt', descending: true },
    limit: limit + 1,
  });
  const others = items.filter(({ id }) => !listed.has(id)).map(unanswered);
  return [...noted.filter(({ at }) => at >= oldest), ...others].sort(newestFirst);
}

const unanswered = ({ id, createdAt, trigger }: RunRecord): Delivery => ({
  id,
  at: createdAt,
  kind: trigger === 'webhook' ? 'live' : 'test',
  method: 'POST',
  bytes: 0,
  status: null,
  code: null,
  runId: id,
  repeated: false,
  resent: false,
  durationMs: null,
});

type Place = Pick<Delivery, 'at' | 'id'>;
const newestFirst = (a: Place, b: Place): number => (a.at === b.at ? (a.id < b.id ? 1 : a.id > b.id ? -1 : 0) : a.at < b.at ? 1 : -1);

function readCursor(cursor: string): Place {
  const { value, id } = decodeCursor(cursor);
  return { at: String(value), id };
}

/**
 * Resends a request: starts a new run with its content, on what its URL runs now. The content is stored only with the run, so
 * a rejected request can't be resent.
 */
export async function resendDelivery(context: ServiceContext, { deliveries, capture }: DeliveryParts, workflowId: string, deliveryId: string): Promise<Run> {
  const began = context.now();
  await getWorkflowRecord(context, workflowId);
  const delivery = (await deliveries.all(context.workspaceId, workflowId)).find(({ id }) => id === deliveryId);
  const source = await context.store.get(runs, delivery ? (delivery.runId ?? '') : deliveryId);
  if (!source || source.workflowId !== workflowId || !(source.trigger === 'webhook' || source.trigger === 'test-webhook')) {
    throw new AppError(
      'not-found',
      delivery ? 'This request was rejected, so its content was not stored and can’t be resent.' : 'Request not found. Requests are listed for 7 days.',
    );
  }
  const kind = source.trigger === 'webhook' ? 'live' : 'test';
  const record = await context.store.get(webhooks, workflowId);
  const target = record && (await context.targets.find(kind, kind === 'live' ? record.liveToken : record.testToken));
  if (!target) throw new AppError('not-found', 'This workflow has no webhook.', { place: { workflowId } });
  refuseClosedHook(target);
  const { headers = {}, query = {} } = source.triggerData;
  const { method = 'POST', bytes = 0 } = delivery ?? {};
  const body = await loadValue(context, source.triggerData.body);
  const { runId } = await acceptCall(context, capture, target, {
    method,
    contentType: headers['content-type'] ?? '',
    bytes,
    headers,
    query,
    body,
  });
  const durationMs = context.now().getTime() - began.getTime();
  deliveries.note(context.workspaceId, workflowId, {
    at: began.toISOString(),
    kind,
    method,
    bytes,
    status: 202,
    code: null,
    runId,
    repeated: false,
    resent: true,
    durationMs,
  });
  return getRun(context, runId);
}
