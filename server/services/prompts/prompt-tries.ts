import type { TriedPrompt, tryPrompt } from '@switchyard/shared/contracts/prompt-tries.ts';
import type { ChatRequest } from '@switchyard/shared/model/chat.ts';
import { type PromptContent, renderPrompt, variantFor } from '@switchyard/shared/model/prompt.ts';
import type { z } from 'zod';
import type { ServiceContext } from '../context.ts';
import type { TryCall, TryOptions } from '../models/try-call.ts';
import { checkPromptContent } from './check-content.ts';
import { findPrompt, versionRecordOf } from './prompt-versions.ts';

type TryBody = z.output<typeof tryPrompt.body>;

/** Throws `not-found`, `bad-request`, `prompt-variables`, `expression-failed`, `overloaded`, and what the Chat port throws. */
export type TryPrompt = (context: ServiceContext, name: string, body: TryBody, options: TryOptions) => Promise<TriedPrompt>;

export const createPromptTries =
  (tryCall: TryCall): TryPrompt =>
  async (context, name, body, options) => {
    const { content, version } = await contentToTry(context, name, body);
    const variant = variantFor(content, body.labels)?.name ?? null;
    const request = requestOf(content, body, version === null ? undefined : { name, version, ...(variant !== null && { variant }) });
    return { version, variant, ...(await tryCall(context, request, options)) };
  };

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
