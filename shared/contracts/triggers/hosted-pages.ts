import { z } from 'zod';
import { moment } from '../contract.ts';

/* Pages for people without an account: forms and chats. */

/** `https://example.com`, as a content policy names it. */
const origin = z
  .string()
  .max(200)
  .refine((text) => /^https?:\/\//.test(text) && URL.parse(text)?.origin === text, 'must be an origin, for example https://example.com');

/** The origins of pages that may embed this one. */
const frameAncestors = z.array(origin).max(20).default([]);

export const formSettings = z.strictObject({
  title: z.string().min(1).max(200).default('Form'),
  /** Shown above the fields. */
  intro: z.string().max(2_000).default(''),
  /** Shown once the form was sent. */
  thanks: z.string().min(1).max(2_000).default('Thank you.'),
  /** Submissions per minute from one IP address. */
  perMinute: z.number().int().min(1).max(1_000).default(5),
  /** Adds a field that only bots fill in, and starts nothing if it is filled in. */
  blockBots: z.boolean().default(true),
  frameAncestors,
});
export type FormSettings = z.infer<typeof formSettings>;

/** The most characters of a chat message. */
export const MOST_MESSAGE_TEXT = 32_000;

export const chatSettings = z.strictObject({
  title: z.string().min(1).max(200).default('Chat'),
  /** The first message, shown before a conversation begins. It starts no run. */
  greeting: z.string().max(2_000).default(''),
  /** How many earlier turns `trigger.history` has. */
  turns: z.number().int().min(0).max(50).default(10),
  /** Messages per minute from one IP address. */
  perMinute: z.number().int().min(1).max(1_000).default(20),
  frameAncestors,
});
export type ChatSettings = z.infer<typeof chatSettings>;

/** A message to a chat. With files, it is sent as `multipart/form-data` with a field `files` for each. Without them, it needs a text. */
export const chatMessageBody = z.strictObject({
  /** Continues this conversation. Without it, a new one begins. */
  conversation: z
    .string()
    .regex(/^[\w-]{22}$/, 'must be the ID of a conversation')
    .optional(),
  text: z.string().max(MOST_MESSAGE_TEXT, `is too long: a message can have up to ${MOST_MESSAGE_TEXT.toLocaleString('en-US')} characters`),
});
export type ChatMessageBody = z.output<typeof chatMessageBody>;

/** `waiting`: for a person or a callback, as `reply` says. `removed`: the data policy doesn’t keep it. */
const CHAT_TURN_STATUSES = ['running', 'waiting', 'answered', 'failed', 'removed'] as const;

/** A message, and the answer to it. */
export const chatTurnSchema = z.object({
  runId: z.string(),
  at: moment,
  status: z.enum(CHAT_TURN_STATUSES),
  /** Null if the data policy doesn’t keep it. */
  text: z.string().nullable(),
  /** The answer, or why there is none yet. */
  reply: z.string().nullable(),
  /** Where a visitor says whether the answer was good. Null if the run is gone. */
  feedbackUrl: z.string().nullable(),
  /** What the visitor said, from 0 to 1. */
  score: z.number().nullable(),
});
export type ChatTurn = z.infer<typeof chatTurnSchema>;

export const chatConversationSchema = z.object({ conversation: z.string(), turns: z.array(chatTurnSchema) });
export type ChatConversation = z.infer<typeof chatConversationSchema>;
