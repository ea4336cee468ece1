import type { ChatConversation, ChatTurn } from '@switchyard/shared/contracts/triggers/hosted-pages.ts';
import { AppError, isAppError } from '@switchyard/shared/errors.ts';
import { isPlainObject } from '@switchyard/shared/json.ts';
import type { PastMessage } from '@switchyard/shared/run/events.ts';
import { isRemoved } from '@switchyard/shared/run/removed.ts';
import { isEnded } from '@switchyard/shared/run/state.ts';
import type { Settled } from '../../../engine/engine-api.ts';
import { type RunRecord, runs } from '../../../store/collections.ts';
import { type ConversationRecord, conversations } from '../../../store/triggers/conversation-collection.ts';
import { type ServiceContext, timestamp } from '../../context.ts';
import { scoreByLink } from '../../feedback/feedback.ts';
import { newId, newToken } from '../../ids.ts';
import { waitText } from '../../reviews/wait-text.ts';
import { loadValue } from '../../runs/load-value.ts';
import { outputForCaller } from '../../runs/run-status.ts';
import type { OpenPage } from '../open-hosted.ts';
import { replyText } from './reply-text.ts';

/*
 * Conversations of a chat. Owns which runs belong to one, and that one turn is in progress at a time. Does not own the messages: their texts are
 * read from the runs, so data policies, retention, and erasure hold for them (S66).
 */

/** Turns that a conversation remembers. */
const MOST_TURNS = 200;
/** Turns that the page shows. */
const SHOWN_TURNS = 50;
/** Characters of a history, all messages together. Older ones are left out. */
const MOST_HISTORY = 50_000;
/** How long reading the state of a run may take. One that takes longer counts as in progress. */
const LOOK_MS = 1_000;
/** How long a visitor waits for an answer, at most. */
export const LONGEST_ANSWER_MS = 300_000;
/** How long a turn without a run may be one that is being started. */
const STARTING_MS = 60_000;
export const CONVERSATIONS_KEPT_MS = 30 * 86_400_000;

type Turn = ConversationRecord['turns'][number];

/** The conversation of a visitor. Throws `not-found` if it belongs to another chat. */
export async function findConversation({ context, trigger }: OpenPage, token: string): Promise<ConversationRecord> {
  const { items } = await context.store.find(conversations, { where: { token }, limit: 1 });
  const [found] = items;
  if (found?.triggerId !== trigger.id) throw new AppError('not-found', 'This conversation doesn’t exist anymore. Start a new one.');
  return found;
}

/** Begins a turn, in this conversation or a new one, before its run exists. Throws `conversation-busy` while another turn is in progress. */
export async function beginTurn({ context, trigger }: OpenPage, known: ConversationRecord | undefined, runId: string): Promise<ConversationRecord> {
  const { store, workspaceId } = context;
  const at = timestamp(context);
  if (!known) {
    const record: ConversationRecord = {
      id: newId('cnv', context.now()),
      workspaceId,
      triggerId: trigger.id,
      workflowId: trigger.workflowId,
      token: newToken(),
      turns: [{ runId, at }],
      revision: 1,
      createdAt: at,
      updatedAt: at,
    };
    await store.insert(conversations, record);
    return record;
  }
  const last = known.turns.at(-1);
  if (last && (await isInProgress(context, last))) throw busy();
  const turns = [...known.turns, { runId, at }].slice(-MOST_TURNS);
  const { id, revision } = known;
  const changed = await store.update(conversations, id, { turns, updatedAt: at, revision: revision + 1 }, { equal: { revision } });
  if (!changed) throw busy();
  return changed;
}

const busy = () => new AppError('conversation-busy', 'The last message is still being answered. Wait for the answer, then send this one.');

/** Removes a turn whose run was not accepted, and a conversation without any. */
export async function dropTurn({ store }: ServiceContext, { id, turns, revision }: ConversationRecord, runId: string): Promise<void> {
  const rest = turns.filter((turn) => turn.runId !== runId);
  if (rest.length === 0) await store.delete(conversations, id);
  else await store.update(conversations, id, { turns: rest, revision: revision + 1 }, { equal: { revision } });
}

async function isInProgress(context: ServiceContext, { runId, at }: Turn): Promise<boolean> {
  const run = await context.store.get(runs, runId);
  if (!run) return context.now().getTime() - Date.parse(at) < STARTING_MS;
  return !isEnded(run.status) && (await settledNow(context, run)).kind === 'deadline';
}

/** Whether an open run has answered, waits, or is in progress (`deadline`). A short delay counts as progress. */
async function settledNow(context: ServiceContext, { id, wakeAt }: RunRecord): Promise<Settled> {
  const settled = await context.engine.settled(id, LOOK_MS);
  const isDelayed = settled.kind === 'waiting' && wakeAt !== null && Date.parse(wakeAt) - context.now().getTime() < LONGEST_ANSWER_MS;
  return isDelayed ? { kind: 'deadline' } : settled;
}

/** The earlier messages of a conversation as a run gets them, oldest first: those of the last turns that were answered. */
export async function historyOf(context: ServiceContext, { turns }: ConversationRecord, count: number): Promise<PastMessage[]> {
  const read = count === 0 ? [] : await Promise.all(turns.slice(-count).map((turn) => readTurn(context, turn, plainOutput)));
  const history: PastMessage[] = [];
  let left = MOST_HISTORY;
  for (const { status, text, reply } of read.reverse()) {
    if (status !== 'answered' || text === null || reply === null) continue;
    left -= text.length + reply.length;
    if (left < 0) break;
    history.unshift({ role: 'user', content: text }, { role: 'assistant', content: reply });
  }
  return history;
}

/** What its visitor sees of a conversation. */
export async function conversationView(context: ServiceContext, { token, turns }: ConversationRecord): Promise<ChatConversation> {
  return {
    conversation: token,
    turns: await Promise.all(turns.slice(-SHOWN_TURNS).map(async (turn) => withFeedback(context, await readTurn(context, turn, outputForCaller)))),
  };
}

const NO_FEEDBACK = { feedbackUrl: null, score: null };

/** An answer with where to rate it, and what its visitor said before. */
async function withFeedback(context: ServiceContext, turn: ChatTurn): Promise<ChatTurn> {
  if (turn.status !== 'answered') return turn;
  const run = await context.store.get(runs, turn.runId);
  return run ? { ...turn, feedbackUrl: feedbackUrlOf(context, run), score: await scoreByLink(context, run.id) } : turn;
}

/** Where the holder of a run’s status token gives feedback on it. */
export const feedbackUrlOf = (context: Pick<ServiceContext, 'address'>, { statusToken }: Pick<RunRecord, 'statusToken'>): string =>
  `${context.address()}/feedback/${statusToken}`;

/** The output as it is stored, with placeholders of the data policy. */
const plainOutput = async (context: ServiceContext, { output, triggerData, payloadsRemovedAt }: RunRecord): Promise<unknown> => {
  if (payloadsRemovedAt !== undefined || triggerData.sealed !== undefined) throw new AppError('payload-removed');
  return loadValue(context, output);
};

async function readTurn(
  context: ServiceContext,
  { runId, at }: Turn,
  outputOf: (context: ServiceContext, run: RunRecord) => Promise<unknown>,
): Promise<ChatTurn> {
  const run = await context.store.get(runs, runId);
  if (!run)
    return { runId, at, status: context.now().getTime() - Date.parse(at) < STARTING_MS ? 'running' : 'removed', text: null, reply: null, ...NO_FEEDBACK };
  const text = await messageIn(context, run);
  const turn = { runId, at, text, reply: null, ...NO_FEEDBACK };
  if (run.status === 'failed' || run.status === 'cancelled') return { ...turn, status: 'failed' };
  const settled = isEnded(run.status) ? undefined : await settledNow(context, run);
  if (settled?.kind === 'deadline') return { ...turn, status: 'running' };
  if (settled?.kind === 'waiting') return { ...turn, status: 'waiting', reply: await waitReply(context, runId) };
  if (settled?.kind === 'reply') return { ...turn, status: 'answered', reply: replyText(settled.reply.value) };
  try {
    const output = await outputOf(context, run);
    return isRemoved(output) ? { ...turn, status: 'removed' } : { ...turn, status: 'answered', reply: replyText(output) };
  } catch (thrown) {
    if (!isAppError(thrown, 'payload-removed')) throw thrown;
    return { ...turn, status: 'removed' };
  }
}

/** What a visitor is told while a run waits. */
export const waitReply = async (context: ServiceContext, runId: string): Promise<string> => `${await waitText(context, runId)} The answer will appear here.`;

/** The text of a message, with the names of its files. */
async function messageIn(context: ServiceContext, { triggerData }: RunRecord): Promise<string | null> {
  if (isRemoved(triggerData.body)) return null;
  const body = await loadValue(context, triggerData.body);
  if (!isPlainObject(body) || typeof body.message !== 'string') return null;
  const names = Array.isArray(body.files)
    ? body.files.flatMap((file: unknown) => (typeof file === 'object' && file !== null && 'name' in file ? [`[file: ${file.name}]`] : []))
    : [];
  return [...(body.message === '' ? [] : [body.message]), ...names].join('\n');
}

/** Deletes conversations without a message for 30 days. */
export async function forgetOldConversations({ store, now }: Pick<ServiceContext, 'store' | 'now'>, stop: AbortSignal): Promise<void> {
  const to = new Date(now().getTime() - CONVERSATIONS_KEPT_MS).toISOString();
  for (;;) {
    const { items } = await store.find(conversations, { range: { field: 'updatedAt', to }, order: { field: 'updatedAt' }, limit: 500, fields: ['updatedAt'] });
    for (const { id } of items) {
      if (stop.aborted) return;
      await store.delete(conversations, id);
    }
    if (items.length === 0) return;
  }
}
