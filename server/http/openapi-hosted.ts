import { chatConversationSchema, chatMessageBody } from '@switchyard/shared/contracts/triggers/hosted-pages.ts';
import type { ErrorCode } from '@switchyard/shared/errors.ts';
import { z } from 'zod';

type JsonObject = Record<string, unknown>;
type Problems = (errors: readonly ErrorCode[]) => JsonObject;

const text = { type: 'string' };
const token = { name: 'token', in: 'path', required: true, schema: text };
const open = { tags: ['Triggers'], security: [] };
const page = (description: string): JsonObject => ({ description, content: { 'text/html': { schema: text } } });

const CLOSED: readonly ErrorCode[] = ['not-found', 'not-published', 'method-not-allowed', 'paused', 'overloaded'];
const REJECTED: readonly ErrorCode[] = [
  'bad-request',
  'bad-json',
  'bad-input',
  'request-timeout',
  'too-large',
  'unsupported-media-type',
  'redaction-refused',
  'rate-limited',
  'queue-full',
  'killed',
];

const jsonSchema = (schema: z.ZodType): JsonObject => {
  const { $schema: _dialect, ...rest } = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as JsonObject;
  return rest;
};

/** The pages of triggers, for people without an account. Which fields a form takes depends on its workflow. */
export const hostedPaths = (problems: Problems): JsonObject => ({
  '/f/{token}': { get: formPage(), post: formSubmission(problems) },
  '/c/{token}': {
    get: {
      ...open,
      operationId: 'openChat',
      summary: 'Show the page of a chat',
      parameters: [token],
      responses: { 200: page('The page'), default: page('Why there is no chat, as a page') },
    },
  },
  '/c/{token}/messages': { get: conversation(problems), post: message(problems) },
  '/c/{token}/embed.js': {
    get: {
      ...open,
      operationId: 'embedChat',
      summary: 'A script that adds a button for the chat to a page that may embed it',
      parameters: [token],
      responses: { 200: { description: 'The script', content: { 'text/javascript': { schema: text } } }, ...problems(CLOSED) },
    },
  },
});

const formPage = (): JsonObject => ({
  ...open,
  operationId: 'openForm',
  summary: 'Show the page of a form',
  parameters: [token],
  responses: { 200: page('The page, with the fields of the live version’s input schema'), default: page('Why there is no form, as a page') },
});

function formSubmission(problems: Problems): JsonObject {
  const fields = { schema: { type: 'object', properties: { _nonce: { ...text, description: 'With the same one, a repeated form starts one run' } } } };
  const received = { type: 'object', properties: { received: { const: true }, runId: text }, required: ['received'] };
  return {
    ...open,
    operationId: 'sendForm',
    summary: 'Send a form: starts a run of the live version',
    parameters: [token],
    requestBody: { required: true, content: { 'application/json': fields, 'application/x-www-form-urlencoded': fields, 'multipart/form-data': fields } },
    responses: {
      200: page('The thank-you page. For requests with another body than JSON; their errors are pages, too'),
      202: { description: 'Received. For requests with JSON', content: { 'application/json': { schema: received } } },
      ...problems([...CLOSED, ...REJECTED]),
    },
  };
}

const conversation = (problems: Problems): JsonObject => ({
  ...open,
  operationId: 'getChatConversation',
  summary: 'List the messages of a conversation with their outcomes',
  parameters: [token, { name: 'x-conversation-id', in: 'header', required: true, schema: text }],
  responses: {
    200: { description: 'The latest turns, oldest first', content: { 'application/json': { schema: jsonSchema(chatConversationSchema) } } },
    ...problems([...CLOSED, 'bad-request', 'rate-limited']),
  },
});

/** With files, if the workflow takes them. */
const messageForm = (): JsonObject => ({
  type: 'object',
  properties: { conversation: text, text, files: { type: 'array', items: { ...text, contentMediaType: 'application/octet-stream' } } },
});

const message = (problems: Problems): JsonObject => ({
  ...open,
  operationId: 'sendChatMessage',
  summary: 'Send a message to a chat: starts a run of the live version',
  parameters: [token, { name: 'Idempotency-Key', in: 'header', required: false, schema: { ...text, pattern: '^[\\w-]{16,100}$' } }],
  requestBody: { required: true, content: { 'application/json': { schema: jsonSchema(chatMessageBody) }, 'multipart/form-data': { schema: messageForm() } } },
  responses: {
    200: {
      description:
        'Server-sent events: `conversation` with its ID, `delta` and `restart` while the answer is generated, then one of `done`, `waiting`, and `error`',
      headers: { 'x-run-id': { schema: text }, 'x-conversation-id': { schema: text } },
      content: { 'text/event-stream': { schema: text } },
    },
    ...problems([...CLOSED, ...REJECTED, 'conversation-busy']),
  },
});
