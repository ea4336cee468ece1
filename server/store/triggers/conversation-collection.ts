import { z } from 'zod';
import { base, declare } from '../declare-collection.ts';

/** A conversation of a chat. It holds no texts: they are those of its runs, and go with them. */
const conversationRecord = z.object({
  ...base,
  triggerId: z.string(),
  workflowId: z.string(),
  /** Its visitor’s capability: it allows reading and continuing the conversation. */
  token: z.string(),
  /** The latest turns, oldest first. */
  turns: z.array(z.object({ runId: z.string(), at: z.string() })),
  /** A new turn is added by compare-and-set, so only one is in progress. */
  revision: z.number(),
  createdAt: z.string(),
  updatedAt: z.string(),
});
export type ConversationRecord = z.infer<typeof conversationRecord>;
export const conversations = declare<ConversationRecord>({
  name: 'conversations',
  schema: conversationRecord,
  indexes: [
    { name: 'token', fields: ['token'], unique: true },
    { name: 'by_workflow', fields: ['workflowId'] },
    { name: 'updated', fields: ['updatedAt'] },
  ],
});
