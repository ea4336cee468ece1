import { WEBHOOK_MODES } from '@switchyard/shared/contracts/webhooks.ts';
import type { ErrorCode } from '@switchyard/shared/errors.ts';

type JsonObject = Record<string, unknown>;

const ERRORS_OF_A_CALL: readonly ErrorCode[] = [
  'bad-request',
  'bad-json',
  'bad-input',
  'bad-signature',
  'forbidden',
  'not-found',
  'method-not-allowed',
  'request-timeout',
  'too-large',
  'unsupported-media-type',
  'idempotency-mismatch',
  'rate-limited',
  'paused',
  'killed',
  'overloaded',
  'secret-unreadable',
];

const ERRORS_OF_A_CALLBACK: readonly ErrorCode[] = [
  'bad-request',
  'bad-json',
  'not-found',
  'method-not-allowed',
  'request-timeout',
  'run-ended',
  'callback-closed',
  'too-large',
  'unsupported-media-type',
  'redaction-refused',
  'rate-limited',
  'overloaded',
];

const text = { type: 'string' };
const PARAMETERS: readonly JsonObject[] = [
  { name: 'token', in: 'path', required: true, schema: text },
  { name: 'mode', in: 'query', required: false, schema: { enum: WEBHOOK_MODES } },
  { name: 'Prefer', in: 'header', required: false, schema: { ...text, examples: ['respond-async'] } },
  { name: 'Idempotency-Key', in: 'header', required: false, schema: { ...text, maxLength: 255 } },
  ...['webhook-id', 'webhook-timestamp', 'webhook-signature'].map((name) => ({ name, in: 'header', required: false, schema: text })),
];

const anything = { schema: {} };
const headers = {
  'x-run-id': { description: 'The run that was started, now or by an earlier request with the same key', schema: text },
  'idempotent-replayed': { description: '`true` if an earlier request with the same key started the run', schema: text },
};

const requestBody = {
  required: false,
  content: { 'application/json': anything, 'application/x-www-form-urlencoded': anything, 'multipart/form-data': anything, 'text/plain': anything },
};

/** A request to the URL of a Callback node. Its body is the output of the node. */
export const callbackRequest = (problems: (errors: readonly ErrorCode[]) => JsonObject): JsonObject => ({
  operationId: 'sendCallback',
  summary: 'End the wait of a Callback node',
  tags: ['Webhooks'],
  security: [],
  parameters: PARAMETERS.slice(0, 1),
  requestBody,
  responses: {
    202: {
      description: 'The callback is stored. The run continues with it',
      content: { 'application/json': { schema: { type: 'object', properties: { received: { const: true } }, required: ['received'] } } },
    },
    ...problems(ERRORS_OF_A_CALLBACK),
  },
});

/**
 * A webhook's requests and responses depend on its workflow, so it has no contract with fixed shapes. GET and PUT work the same way if its
 * settings allow them. HEAD is allowed with GET and starts no run, and OPTIONS answers CORS preflights.
 */
export function webhookCall(which: 'live' | 'test', problems: (errors: readonly ErrorCode[]) => JsonObject): JsonObject {
  const pending = { type: 'object', properties: { runId: text, statusUrl: text, status: { const: 'waiting' } }, required: ['runId', 'statusUrl'] };
  return {
    operationId: which === 'live' ? 'callWebhook' : 'callTestWebhook',
    summary: which === 'live' ? 'Run the published version of a workflow' : 'Run the draft of a workflow',
    tags: ['Webhooks'],
    security: [],
    parameters: PARAMETERS,
    requestBody,
    responses: {
      200: {
        description:
          'The response of the Output node, with its status and headers; in mode `stream`, server-sent events. Also the challenge of a handshake (Slack, Meta)',
        headers,
        content: { 'application/json': anything, 'text/plain': { schema: text }, 'text/event-stream': { schema: text } },
      },
      202: {
        description: 'The run continues: the mode is `accepted`, it waits for a person, or it takes longer than the response timeout',
        headers,
        content: { 'application/json': { schema: pending } },
      },
      204: { description: 'The run ended without an output', headers },
      ...problems([...ERRORS_OF_A_CALL, which === 'live' ? 'not-published' : 'graph-has-problems']),
    },
  };
}
