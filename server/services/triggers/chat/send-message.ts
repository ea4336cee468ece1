import { type ChatMessageBody, type ChatSettings, chatSettings } from '@switchyard/shared/contracts/triggers/hosted-pages.ts';
import { toAppError } from '@switchyard/shared/errors.ts';
import type { FileHandle } from '@switchyard/shared/files/file-handle.ts';
import { acceptedTypes, isFileListSchema } from '@switchyard/shared/files/file-schema.ts';
import type { Graph } from '@switchyard/shared/graph/graph.ts';
import { isPlainObject } from '@switchyard/shared/json.ts';
import { type ConversationRecord, conversations } from '../../../store/triggers/conversation-collection.ts';
import { type Installation, timestamp } from '../../context.ts';
import { newId } from '../../ids.ts';
import { streamedNodes } from '../../openai-api/streamed-nodes.ts';
import type { AcceptedCall } from '../../webhooks/receive-call.ts';
import { inputSchemaOf } from '../input-schema.ts';
import { noteDelivery } from '../note-delivery.ts';
import { type OpenPage, openHosted } from '../open-hosted.ts';
import { startTriggered, type Triggered, triggeredBy } from '../start-triggered.ts';
import { beginTurn, dropTurn, feedbackUrlOf, findConversation, historyOf } from './conversations.ts';

/** What a visitor sends. */
export interface SentMessage extends ChatMessageBody {
  /** Undefined if the workflow’s input has no `files`. */
  readonly files: readonly FileHandle[] | undefined;
}

export interface OpenChat extends OpenPage {
  readonly settings: ChatSettings;
}

/** The chat of a token, if it is turned on. Throws `not-found`. */
export async function openChat(installation: Installation, token: string): Promise<OpenChat> {
  const page = await openHosted(installation, 'chat', token);
  return { ...page, settings: chatSettings.parse(page.trigger.settings) };
}

/** A message whose run was accepted. */
export interface AcceptedMessage {
  readonly conversation: string;
  readonly call: AcceptedCall;
  readonly feedbackUrl: string;
  /** Keys of the nodes whose text is the answer. */
  readonly streamed: ReadonlySet<string>;
}

/**
 * Starts the run of a message, in its conversation or a new one. With the same `key`, a repeated message attaches to the run of the first
 * one. Throws `not-found` for an unknown conversation, `conversation-busy`, and as `startTriggered` does. Then no run was started.
 */
export async function sendMessage(chat: OpenChat, { conversation, text, files }: SentMessage, key: string | undefined): Promise<AcceptedMessage> {
  const { context, trigger, settings } = chat;
  const known = conversation === undefined ? undefined : await findConversation(chat, conversation);
  const repeated = key === undefined ? undefined : await earlierMessage(chat, key);
  if (repeated) return repeated;
  const at = timestamp(context);
  const runId = newId('run', context.now());
  const history = known ? await historyOf(context, known, settings.turns) : [];
  const current = await beginTurn(chat, known, runId);
  try {
    const talk = { conversation: current.id, history };
    const event = key === undefined ? runId : eventOf(key);
    const input = { message: text, ...(files && { files }) };
    const hasFiles = files !== undefined && files.length > 0;
    const started = await startTriggered(context, { trigger, kind: 'chat', input, event, talk, runId, waited: true, hasFiles });
    await noteDelivery(context.store, trigger, started.runId, { at, outcome: 'started', runId: started.runId });
    if (started.runId === runId || key === undefined) return accepted(chat, current, started, false);
    // The same message came twice at once, and the other one began a conversation.
    await dropTurn(context, current, runId);
    return (await earlierMessage(chat, key)) ?? accepted(chat, current, started, true);
  } catch (thrown) {
    await dropTurn(context, current, runId);
    await noteDelivery(context.store, trigger, newId('rej', context.now()), { at, outcome: 'rejected', code: toAppError(thrown).code });
    throw thrown;
  }
}

const eventOf = (key: string): string => `key:${key}`;

async function earlierMessage(chat: OpenChat, key: string): Promise<AcceptedMessage | undefined> {
  const { context, trigger } = chat;
  const run = await triggeredBy(context, trigger, eventOf(key));
  const id = run?.triggerData.conversation;
  const conversation = id === undefined ? undefined : await context.store.get(conversations, id);
  return run && conversation && accepted(chat, conversation, { runId: run.id, record: run }, true);
}

const accepted = ({ context }: OpenChat, { token }: ConversationRecord, { record, graph, state }: Triggered, repeated: boolean): AcceptedMessage => ({
  conversation: token,
  call: { runId: record.id, statusUrl: `${context.address()}/hooks/status/${record.statusToken}`, repeated, state },
  feedbackUrl: feedbackUrlOf(context, record),
  streamed: graph ? streamedNodes(graph) : new Set(),
});

/** The types of files that the workflow takes in `files` of its input: empty for any, undefined if it takes none. */
export function acceptedFiles({ context }: OpenChat, graph: Graph): readonly string[] | undefined {
  const { properties } = inputSchemaOf(context, graph);
  const files = isPlainObject(properties) ? properties.files : undefined;
  return isPlainObject(files) && isFileListSchema(files) ? acceptedTypes(files) : undefined;
}
