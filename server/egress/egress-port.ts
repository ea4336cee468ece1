import type { HttpAnswer, HttpRequest } from '@switchyard/nodes/sdk/context.ts';
import type { HttpCallRecord } from '@switchyard/shared/run/events.ts';

/** Sends a user's request through the guarded egress: the door that the engine uses. */
export type SendHttp = (
  request: HttpRequest,
  options: { readonly workspaceId: string; readonly signal: AbortSignal; readonly idempotencyKey: string },
) => Promise<{ readonly answer: HttpAnswer; readonly record: HttpCallRecord }>;
