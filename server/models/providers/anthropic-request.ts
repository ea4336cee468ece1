import type Anthropic from '@anthropic-ai/sdk';
import { isPlainObject } from '@switchyard/shared/json.ts';
import { type ChatMessage, type MessagePart, textOf } from '@switchyard/shared/model/chat.ts';
import { parseModelJson } from '../parse-json.ts';
import type { ProviderRequest } from '../provider.ts';
import { schemaPrompt } from '../schema-prompt.ts';

type Params = Anthropic.MessageCreateParamsStreaming;

/** Anthropic requires a limit in each request. */
const DEFAULT_MAX_TOKENS = 1024;
/** A tool’s input is an object. Any other answer is wrapped in one under this name. */
export const WRAPPED = 'answer';

/** How an answer is made to fit its schema: by a tool that must be called, or by the prompt where tools are unreliable. */
export type Structured = 'tool' | 'words';

const IMAGES = ['image/jpeg', 'image/png', 'image/gif', 'image/webp'] as const;

function toBlock(part: MessagePart): Anthropic.ContentBlockParam {
  if (part.type === 'text') return { type: 'text', text: part.text };
  if (part.type === 'tool-call') return { type: 'tool_use', id: part.id, name: part.name, input: inputOf(part.arguments) };
  if (part.type === 'tool-result') return { type: 'tool_result', tool_use_id: part.callId, content: part.text };
  const image = IMAGES.find((type) => type === part.mediaType);
  if (image) return { type: 'image', source: { type: 'base64', media_type: image, data: part.data } };
  return { type: 'document', source: { type: 'base64', media_type: 'application/pdf', data: part.data } };
}

/** A tool's input must be an object. */
function inputOf(written: string): Record<string, unknown> {
  const value = parseModelJson(written)?.value;
  return isPlainObject(value) ? value : {};
}

/** The API rejects empty text blocks. */
const toMessage = (message: ChatMessage): Anthropic.MessageParam => ({
  role: message.role === 'assistant' ? 'assistant' : 'user',
  content: message.content.map(toBlock).filter((block) => block.type !== 'text' || block.text.trim() !== ''),
});

export const isWrapped = (request: ProviderRequest): boolean => request.schema !== undefined && request.schema.type !== 'object';

function answerTool(request: ProviderRequest): Pick<Params, 'tools' | 'tool_choice'> {
  const { schema = {} } = request;
  const name = (request.schemaName ?? 'answer').replace(/[^\w-]/g, '_').slice(0, 64);
  const input = isWrapped(request) ? { type: 'object', properties: { [WRAPPED]: schema }, required: [WRAPPED] } : schema;
  const tool = { name, description: 'Gives the answer. Call it exactly once.', input_schema: input as Anthropic.Tool.InputSchema };
  return { tools: [tool], tool_choice: { type: 'tool', name, disable_parallel_tool_use: true } };
}

/** The functions that the caller offers. */
function callerTools({ tools = [], toolChoice, parallelToolCalls }: ProviderRequest, quirks: ReadonlySet<Quirk>): Pick<Params, 'tools' | 'tool_choice'> {
  const oneAtATime = parallelToolCalls === false && { disable_parallel_tool_use: true };
  const choice = (): Anthropic.ToolChoice => {
    if (typeof toolChoice === 'object') return { type: 'tool', name: toolChoice.name, ...oneAtATime };
    if (toolChoice === 'none') return { type: 'none' };
    return { type: toolChoice === 'required' ? 'any' : 'auto', ...oneAtATime };
  };
  return {
    tools: tools.map(({ name, description, parameters }) => ({
      name,
      ...(description !== undefined && { description }),
      input_schema: { type: 'object', ...parameters } as Anthropic.Tool.InputSchema,
    })),
    ...((toolChoice !== undefined || oneAtATime) && !quirks.has('tool_choice') && { tool_choice: choice() }),
  };
}

/** Parameters that some models reject. Without `tool_choice`, a structured answer is requested in the prompt. */
export type Quirk = 'temperature' | 'top_p' | 'tool_choice';
export const QUIRKS: readonly Quirk[] = ['temperature', 'top_p', 'tool_choice'];

/** The request without what this model is known to reject. */
export function adaptedRequest(request: ProviderRequest, quirks: ReadonlySet<Quirk>): ProviderRequest {
  const { temperature, topP, ...others } = request;
  return {
    ...others,
    ...(temperature !== undefined && !quirks.has('temperature') && { temperature }),
    ...(topP !== undefined && !quirks.has('top_p') && { topP }),
  };
}

/** The request for Anthropic’s API, without what this model is known to reject. System texts are separate, and a limit is always set. */
export function toAnthropicRequest(request: ProviderRequest, structured: Structured, quirks: ReadonlySet<Quirk>): Params {
  const { temperature, topP } = adaptedRequest(request, quirks);
  const offersTools = request.tools !== undefined && request.tools.length > 0;
  // A tool for the answer would compete with the caller's.
  const byTool = structured === 'tool' && !quirks.has('tool_choice') && !offersTools;
  const system = request.messages.filter(({ role }) => role === 'system').map(textOf);
  if (request.schema && !byTool) system.push(schemaPrompt(request.schema));
  const messages = request.messages.filter(({ role }) => role !== 'system').map(toMessage);
  const said = messages.filter(({ content }) => content.length > 0);
  return {
    model: request.model,
    max_tokens: request.maxTokens ?? DEFAULT_MAX_TOKENS,
    messages: said.length > 0 ? said : [{ role: 'user', content: 'Continue.' }],
    stream: true,
    ...(system.length > 0 && { system: system.join('\n\n') }),
    ...(temperature !== undefined && { temperature: Math.min(1, temperature) }),
    ...(topP !== undefined && { top_p: topP }),
    ...(request.stop !== undefined && { stop_sequences: [...request.stop] }),
    ...(request.schema && byTool && answerTool(request)),
    ...(offersTools && callerTools(request, quirks)),
  };
}
