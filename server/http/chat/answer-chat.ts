import type { IncomingMessage, ServerResponse } from 'node:http';
import { chatMessageBody, MOST_MESSAGE_TEXT } from '@switchyard/shared/contracts/triggers/hosted-pages.ts';
import { AppError, ERRORS, isAppError, toAppError } from '@switchyard/shared/errors.ts';
import { isFileHandle } from '@switchyard/shared/files/file-handle.ts';
import { isPlainObject } from '@switchyard/shared/json.ts';
import { conversationView, findConversation, LONGEST_ANSWER_MS } from '../../services/triggers/chat/conversations.ts';
import { acceptedFiles, type OpenChat, openChat, type SentMessage, sendMessage } from '../../services/triggers/chat/send-message.ts';
import { hostedGraph } from '../../services/triggers/open-hosted.ts';
import { outcomeOf } from '../../services/webhooks/receive-call.ts';
import { decodeBody, isEncoded } from '../decode-body.ts';
import type { CallParts } from '../hooks/answer-call.ts';
import { readHookBody } from '../hooks/hook-body.ts';
import { sendJson } from '../hooks/hook-reply.ts';
import { mostBytes, refuseLongFields } from '../hooks/parse-call.ts';
import { messagePage, sendPage } from '../hosted/hosted-page.ts';
import { checked } from '../register.ts';
import { chatPage } from './chat-page.ts';
import { embedScript } from './embed-script.ts';
import { streamAnswer } from './stream-answer.ts';

/*
 * A chat: its page, its messages, and the script that embeds it (S77). No cookie is read or set. A conversation is known only by its ID, which
 * the server made; the page keeps it, and sends it in a body or a header, never in a URL.
 */

export type ChatParts = Pick<CallParts, 'installation' | 'gate' | 'intake' | 'addressOf' | 'rates' | 'deltas' | 'log'>;

/** A message with any characters fits, also in JSON with escapes. */
const BODY_BYTES = 400_000;
const READS_PER_MINUTE = 120;
const KEY = /^[\w-]{16,100}$/;

/** Answers a request below /c/. `path` is the rest of it. */
export async function answerChat(parts: ChatParts, request: IncomingMessage, response: ServerResponse, path: string): Promise<void> {
  const [token = '', place = '', ...more] = path.split('/');
  if (more.length > 0 || !['', 'messages', 'embed.js'].includes(place)) throw new AppError('not-found', 'This chat has no page at this URL.');
  refuseMethod(request, response, place === 'messages' ? ['GET', 'POST'] : ['GET', 'HEAD']);
  parts.gate.refuseWhenFull();
  const open = () => openChat(parts.installation, token.length > 100 ? '' : token);
  if (place === '') return showPage(response, open);
  const chat = await open();
  if (place === 'embed.js') return sendScript(response, embedScript(chat.settings, `${parts.installation.address()}/c/${token}`));
  if (request.method === 'GET') return showConversation(parts, request, response, chat);
  await takeMessage(parts, request, response, chat);
}

function refuseMethod({ method = '' }: IncomingMessage, response: ServerResponse, allowed: readonly string[]): void {
  if (allowed.includes(method)) return;
  response.setHeader('allow', allowed.join(', '));
  throw new AppError('method-not-allowed', `Use ${allowed.join(' or ')} here.`, { details: { allowed } });
}

async function showPage(response: ServerResponse, open: () => Promise<OpenChat>): Promise<void> {
  let frames: readonly string[] = [];
  try {
    const chat = await open();
    frames = chat.settings.frameAncestors;
    const accepts = acceptedFiles(chat, await hostedGraph(chat, 'chat'));
    sendPage(response, 200, chatPage(chat.settings, accepts), frames);
  } catch (thrown) {
    const error = toAppError(thrown);
    const { title, status, safe } = ERRORS[error.code];
    if (error.retryAfterMs !== undefined) response.setHeader('retry-after', String(Math.ceil(error.retryAfterMs / 1_000)));
    sendPage(response, status, messagePage(title, safe ? error.message : 'Try again later.'), frames);
  }
}

/** For a page on another site: the script may be loaded there, and does nothing unless that site is listed. */
function sendScript(response: ServerResponse, script: string): void {
  response.writeHead(200, {
    'content-type': 'text/javascript; charset=utf-8',
    'content-length': Buffer.byteLength(script),
    'cache-control': 'no-cache',
    'cross-origin-resource-policy': 'cross-origin',
  });
  response.end(response.req.method === 'HEAD' ? undefined : script);
}

async function showConversation(parts: ChatParts, request: IncomingMessage, response: ServerResponse, chat: OpenChat): Promise<void> {
  await refuseTooMany(parts, `chat-read:${chat.trigger.id}:${parts.addressOf(request)}`, READS_PER_MINUTE);
  const id = request.headers['x-conversation-id'];
  if (typeof id !== 'string') throw new AppError('bad-request', 'Send the conversation ID in the header x-conversation-id.');
  sendJson(response, 200, await conversationView(chat.context, await findConversation(chat, id)));
}

async function takeMessage(parts: ChatParts, request: IncomingMessage, response: ServerResponse, chat: OpenChat): Promise<void> {
  const { context, trigger, settings } = chat;
  const from = parts.addressOf(request);
  const accepts = acceptedFiles(chat, await hostedGraph(chat, 'chat'));
  await refuseTooMany(parts, `chat:${trigger.id}:${from}`, settings.perMinute);
  const maxBytes = accepts ? mostBytes(request.headers['content-type'], BODY_BYTES) : BODY_BYTES;
  const raw = await parts.intake.read(request, maxBytes, [`webhook ${trigger.workflowId}`, `address ${from}`]).catch(inWords);
  const leave = parts.gate.enter(trigger.workflowId, from);
  try {
    const { headers } = request;
    const encoding = headers['content-encoding'];
    const whole = isEncoded(encoding) && raw.length > 0 ? await decodeBody(raw, encoding, maxBytes).catch(inWords) : raw;
    const message = messageIn(whole, headers['content-type'] ?? '', accepts !== undefined);
    const accepted = await sendMessage(chat, message, keyOf(headers['idempotency-key']));
    await streamAnswer(response, { ...accepted, outcome: outcomeOf(context, accepted.call, LONGEST_ANSWER_MS), context, deltas: parts.deltas, log: parts.log });
  } finally {
    leave();
  }
}

/** A message with its files. Throws `bad-request`, `too-large`. */
function messageIn(raw: Buffer, contentType: string, acceptsFiles: boolean): SentMessage {
  const read = readHookBody(raw, contentType, (field) => (acceptsFiles && field === 'files' ? 'file' : 'text'));
  const { files, ...rest } = isPlainObject(read.body) && read.files ? read.body : { ...(isPlainObject(read.body) ? read.body : {}), files: undefined };
  try {
    refuseLongFields(raw, read, BODY_BYTES);
  } catch (thrown) {
    inWords(thrown);
  }
  const sent = [files].flat().filter(isFileHandle);
  const body = checked(chatMessageBody, read.files ? rest : read.body, 'message');
  if (body.text.trim() === '' && sent.length === 0) {
    throw new AppError('bad-request', 'Invalid message: text must not be empty.', { fields: [{ path: 'text', message: 'must not be empty' }] });
  }
  return { ...body, files: acceptsFiles ? sent : undefined };
}

async function refuseTooMany({ rates }: ChatParts, name: string, perMinute: number): Promise<void> {
  const retryAfterMs = await rates.take(name, perMinute);
  if (retryAfterMs > 0) throw new AppError('rate-limited', 'You have sent too many messages. Wait a minute, then try again.', { retryAfterMs });
}

function keyOf(header: string | string[] | undefined): string | undefined {
  if (header === undefined) return undefined;
  if (typeof header === 'string' && KEY.test(header)) return header;
  throw new AppError('bad-request', 'The header idempotency-key must be 16 to 100 letters, digits, hyphens, or underscores, chosen at random.');
}

const inWords = (thrown: unknown): never => {
  if (!isAppError(thrown, 'too-large')) throw thrown;
  throw new AppError('too-large', `The message is too long: a message can have up to ${MOST_MESSAGE_TEXT.toLocaleString('en-US')} characters.`);
};
