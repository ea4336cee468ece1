import type { HttpAnswer, HttpRequest } from '@switchyard/nodes/sdk/context.ts';
import type { HttpCallRecord } from '@switchyard/shared/run/events.ts';

/** The engine's port for sending requests through the guarded egress. */
export type SendHttp = (
  request: HttpRequest,
  options: { readonly workspaceId: string; readonly signal: AbortSignal; readonly idempotencyKey: string },
) => Promise<{ readonly answer: HttpAnswer; readonly record: HttpCallRecord }>;
