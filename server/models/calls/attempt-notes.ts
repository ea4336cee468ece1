import type { CallAttempt, Usage } from '@switchyard/shared/run/events.ts';
import { createStreamedText } from '../../streamed-text.ts';
import type { ProviderAnswer, ProviderRequest } from '../provider.ts';
import type { Call } from './call.ts';

/* What a call record keeps about one attempt: its request, answer, tokens, cost, and time to first token (S60). */

/** Characters of an answer that a failed attempt keeps. The record of the call keeps the final answer in full. */
const LONGEST_ANSWER = 10_000;

export type AttemptNotes = ReturnType<typeof noteAttempt>;

type Kept = Pick<CallAttempt, 'request' | 'answer' | 'answerLength' | 'finishReason' | 'adjusted' | 'usage' | 'costMicros' | 'firstTokenMs'>;

/** Records an attempt as it happens. Only the beginning of the text is kept in memory. */
export function noteAttempt(call: Pick<Call, 'now' | 'request'>) {
  let sentAt = 0;
  let request: unknown;
  const text = createStreamedText();
  let length = 0;
  let kept: Kept = {};
  let ended: Kept = {};
  const hear = (part: string): void => {
    if (length < LONGEST_ANSWER) text.add(part.slice(0, LONGEST_ANSWER - length));
    length += part.length;
  };
  return {
    sent: (asked: ProviderRequest): void => {
      sentAt = call.now();
      request = withoutCommon(asked, call.request.messages.length);
    },
    heard: (part: string): void => {
      if (length === 0) kept = { ...kept, firstTokenMs: call.now() - sentAt };
      hear(part);
    },
    answered: ({ content, finishReason, adjusted }: ProviderAnswer): void => {
      text.clear();
      length = 0;
      hear(content);
      ended = { finishReason, ...(adjusted && { adjusted }) };
    },
    paid: (usage: Usage, costMicros: number | null): void => {
      kept = { ...kept, usage, costMicros };
    },
    /** What it cost. 0 if nothing was used. */
    costMicros: (): number | null => (kept.costMicros === undefined ? 0 : kept.costMicros),
    /** The request and answer of an attempt that succeeded are in the record of the call. */
    end: (failed: boolean): Kept => ({
      ...kept,
      ...(failed && request !== undefined && { request }),
      ...(failed && length > 0 && { answer: text.text(), ...(length > LONGEST_ANSWER && { answerLength: length }) }),
      ...(failed && ended),
    }),
  };
}

/** A request without the parts that all attempts of a call share. A repair adds messages to those of the call. */
function withoutCommon({ messages, schema: _schema, schemaName: _name, tools: _tools, ...settings }: ProviderRequest, common: number): unknown {
  const added = messages.slice(common);
  return { ...settings, ...(added.length > 0 && { messages: added }) };
}
