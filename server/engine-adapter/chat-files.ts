import { AppError } from '@switchyard/shared/errors.ts';
import type { FileHandle } from '@switchyard/shared/files/file-handle.ts';
import { describeBytes, MOST_FILE_BYTES } from '@switchyard/shared/files/limits.ts';
import { isPlainObject } from '@switchyard/shared/json.ts';
import type { ChatRequest, MessagePart } from '@switchyard/shared/model/chat.ts';
import type { ModelCallRecord } from '@switchyard/shared/run/events.ts';
import type { EnginePorts } from '../engine/ports.ts';
import type { Chat } from '../models/chat-port.ts';

/* Files in model calls (S74): their contents are added when a request is sent, and the record of the call has the files instead. */

/** Images that providers accept. */
const IMAGES = new Set(['image/png', 'image/jpeg', 'image/gif', 'image/webp']);

type ReadFile = (workspaceId: string, file: FileHandle) => Promise<Uint8Array>;

/** Calls a model with the files of a request in its last message. Throws `file-removed`, `too-large`, and `node-failed` for types no model reads. */
export const chatWithFiles =
  (chat: Chat, read: ReadFile): EnginePorts['chat'] =>
  async (request, { files = [], ...options }) => {
    if (files.length === 0) return chat(request, options);
    demandReadable(files);
    const sent = new Map<string, FileHandle>();
    const parts: MessagePart[] = [];
    for (const file of files) {
      const content = await read(options.workspaceId, file);
      const data = Buffer.from(content.buffer, content.byteOffset, content.byteLength).toString('base64');
      sent.set(data, file);
      parts.push(IMAGES.has(file.type) ? { type: 'image', mediaType: file.type, data } : { type: 'file', mediaType: file.type, name: file.name, data });
    }
    const onFailed = (record: ModelCallRecord): void => options.onFailed(withFiles(record, sent));
    const { answer, record } = await chat(withParts(request, parts), { ...options, onFailed });
    return { answer, record: withFiles(record, sent) };
  };

function demandReadable(files: readonly FileHandle[]): void {
  const other = files.find(({ type }) => !IMAGES.has(type) && type !== 'application/pdf');
  if (other)
    throw new AppError(
      'node-failed',
      `“${other.name}” is ${other.type}. Models read images (PNG, JPEG, GIF, WebP) and PDFs. Read other files with an Extract node, and send its text.`,
    );
  const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
  if (bytes > MOST_FILE_BYTES)
    throw new AppError('too-large', `The files total ${describeBytes(bytes)}. The limit of a model call is ${describeBytes(MOST_FILE_BYTES)}.`);
}

/** The request with more parts in its last message of the user. */
function withParts(request: ChatRequest, parts: readonly MessagePart[]): ChatRequest {
  const at = request.messages.findLastIndex(({ role }) => role === 'user');
  if (at < 0) return { ...request, messages: [...request.messages, { role: 'user', content: parts }] };
  return { ...request, messages: request.messages.map((message, index) => (index === at ? { ...message, content: [...message.content, ...parts] } : message)) };
}

/** The record with files instead of their contents. The requests of attempts are stored with it, so they only describe them. */
const withFiles = (record: ModelCallRecord, sent: ReadonlyMap<string, FileHandle>): ModelCallRecord => ({
  ...record,
  request: withoutContents(record.request, (data) => sent.get(data)),
  attempts: record.attempts.map((attempt) =>
    attempt.request === undefined ? attempt : { ...attempt, request: withoutContents(attempt.request, (data) => sent.get(data)?.toJSON()) },
  ),
});

function withoutContents(request: unknown, fileOf: (data: string) => unknown): unknown {
  if (!isPlainObject(request) || !Array.isArray(request.messages)) return request;
  const shown = (part: unknown): unknown => {
    const file = isPlainObject(part) && typeof part.data === 'string' ? fileOf(part.data) : undefined;
    return file === undefined ? part : { type: (part as MessagePart).type, file };
  };
  const messages = request.messages.map((message) =>
    isPlainObject(message) && Array.isArray(message.content) ? { ...message, content: message.content.map(shown) } : message,
  );
  return { ...request, messages };
}
