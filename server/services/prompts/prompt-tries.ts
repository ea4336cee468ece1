import type { TriedPrompt, tryPrompt } from '@switchyard/shared/contracts/prompt-tries.ts';
import type { ChatRequest } from '@switchyard/shared/model/chat.ts';
import { type PromptContent, renderPrompt, variantFor } from '@switchyard/shared/model/prompt.ts';
import type { z } from 'zod';
import type { Chat } from '../../models/chat-port.ts';
import type { ServiceContext } from '../context.ts';
import { overloaded } from '../webhooks/overload.ts';
import { checkPromptContent } from './check-content.ts';
import { findPrompt, versionRecordOf } from './prompt-versions.ts';

/*
 * Tries prompts: one model call outside any run. It goes through the Chat port, so prices, budgets, usage, limits, circuits, and kill
 * switches apply as in a run. Invariant: a bounded number of calls at once, so a playground can't crowd out runs.
 */

const MOST_AT_ONCE = 32;

type TryBody = z.output<typeof tryPrompt.body>;

interface TryOptions {
  /** Ends the call when the caller disconnects. */
  readonly signal: AbortSignal;
  readonly onDelta: (text: string) => void;
  readonly onRestart: () => void;
}

/** Throws `not-found`, `bad-request`, `prompt-variables`, `expression-failed`, `overloaded`, and what the Chat port throws. */
export type TryPrompt = (context: ServiceContext, name: string, body: TryBody, options: TryOptions) => Promise<TriedPrompt>;

export function createPromptTries(chat: Chat): TryPrompt {
  let running = 0;
  return async (context, name, body, { signal, onDelta, onRestart }) => {
    if (running >= MOST_AT_ONCE) throw overloaded();
    running++;
    try {
      const { content, version } = await contentToTry(context, name, body);
      const variant = variantFor(content, body.labels)?.name ?? null;
      const request = requestOf(content, body, version === null ? undefined : { name, version, ...(variant !== null && { variant }) });
      const startedAt = performance.now();
      const { answer, record } = await chat(request, { workspaceId: context.workspaceId, purpose: 'playground', signal, onDelta, onRestart });
      const { connection, routeVersion = 0, cached = false, firstTokenMs = null, attempts } = record;
      const { text, route, model, demo, usage, costMicros, finishReason } = answer;
      const ms = Math.round(performance.now() - startedAt);
      const served = { route, routeVersion, connection, model, demo, cached };
      return { text, version, variant, ...served, usage, costMicros, ms, firstTokenMs, finishReason, attempts: attempts.map(shownAttempt) };
    } finally {
      running--;
    }
  };
}

/** The unsaved content of the request, else a version. */
async function contentToTry(context: ServiceContext, name: string, body: TryBody): Promise<{ content: PromptContent; version: number | null }> {
  const prompt = await findPrompt(context, name);
  if (!body.messages) {
    const content = await versionRecordOf(context, prompt, body.version ?? prompt.latestVersion);
    return { content, version: content.number };
  }
  const { messages, variablesSchema: variables = { type: 'object', properties: {} }, outputSchema, parameters, variants, markData } = body;
  const content = { messages, variables, outputSchema, parameters, variants, markData };
  checkPromptContent(content, Object.keys(body.variables));
  return { content, version: null };
}

function requestOf(content: PromptContent, { route, variables, labels }: TryBody, prompt: ChatRequest['prompt']): ChatRequest {
  const { outputSchema: schema, parameters: { temperature, maxTokens } = {} } = content;
  return {
    route,
    messages: renderPrompt(content, { variables, labels }),
    ...(prompt && { prompt }),
    ...(temperature !== undefined && { temperature }),
    ...(maxTokens !== undefined && { maxTokens }),
    ...(schema && { schema, schemaName: 'answer' }),
  };
}

const shownAttempt = ({ connection, model, latencyMs, error }: TriedPrompt['attempts'][number]): TriedPrompt['attempts'][number] => ({
  connection,
  model,
  latencyMs,
  ...(error && { error }),
});
