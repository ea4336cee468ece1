import type Anthropic from '@anthropic-ai/sdk';
import { type ChatMessage, type MessagePart, textOf } from '@switchyard/shared/model/chat.ts';
import type { ProviderRequest } from './provider.ts';
import { schemaPrompt } from './schema-prompt.ts';

type Params = Anthropic.MessageCreateParamsStreaming;

/** Anthropic wants a limit in each request. */
const DEFAULT_MAX_TOKENS = 1024;
/** A tool's input is an object: any other answer is put into one under this name. */
export const WRAPPED = 'answer';

/** How an answer is held to its schema: by a tool that must be called, or in words where tools are not to be relied on. */
export type Structured = 'tool' | 'words';

const IMAGES = ['image/jpeg', 'image/png', 'image/gif', 'image/webp'] as const;

function toBlock(part: MessagePart): Anthropic.ContentBlockParam {
  if (part.type === 'text') return { type: 'text', text: part.text };
  if (part.type === 'tool-result') return { type: 'text', text: part.content };
  const image = IMAGES.find((type) => type === part.mediaType);
  if (image) return { type: 'image', source: { type: 'base64', media_type: image, data: part.data } };
  return { type: 'document', source: { type: 'base64', media_type: 'application/pdf', data: part.data } };
}

/** The API refuses empty text blocks. */
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

/** The request in Anthropic's words: system texts apart, a limit always, the schema as a tool or in words. */
export function toAnthropicRequest(request: ProviderRequest, structured: Structured): Params {
  const system = request.messages.filter(({ role }) => role === 'system').map(textOf);
  if (request.schema && structured === 'words') system.push(schemaPrompt(request.schema));
  const messages = request.messages.filter(({ role }) => role !== 'system').map(toMessage);
  const said = messages.filter(({ content }) => content.length > 0);
  return {
    model: request.model,
    max_tokens: request.maxTokens ?? DEFAULT_MAX_TOKENS,
    messages: said.length > 0 ? said : [{ role: 'user', content: 'Go on.' }],
    stream: true,
    ...(system.length > 0 && { system: system.join('\n\n') }),
    ...(request.temperature !== undefined && { temperature: Math.min(1, request.temperature) }),
    ...(request.schema && structured === 'tool' && answerTool(request)),
  };
}
