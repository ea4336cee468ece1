import { isPlainObject, type JsonSchema } from '@switchyard/shared/json.ts';
import { type ChatMessage, type MessagePart, textOf } from '@switchyard/shared/model/chat.ts';
import type OpenAI from 'openai';
import type { ProviderRequest } from './provider.ts';
import { schemaPrompt } from './schema-prompt.ts';

type Params = OpenAI.ChatCompletionCreateParamsStreaming;
type Part = OpenAI.ChatCompletionContentPart;

/** What some servers that speak this protocol do not know. */
export type Quirk = 'response_format' | 'max_completion_tokens' | 'max_tokens' | 'temperature' | 'stream_options';
export const QUIRKS: readonly Quirk[] = ['response_format', 'max_completion_tokens', 'max_tokens', 'temperature', 'stream_options'];

function toPart(part: MessagePart): Part {
  if (part.type === 'text') return { type: 'text', text: part.text };
  if (part.type === 'image') return { type: 'image_url', image_url: { url: `data:${part.mediaType};base64,${part.data}` } };
  if (part.type === 'file') return { type: 'file', file: { filename: part.name, file_data: `data:${part.mediaType};base64,${part.data}` } };
  return { type: 'text', text: part.content };
}

function toMessage(message: ChatMessage): OpenAI.ChatCompletionMessageParam {
  if (message.role !== 'user') return { role: message.role, content: textOf(message) };
  const onlyText = message.content.every((part) => part.type === 'text');
  return { role: 'user', content: onlyText ? textOf(message) : message.content.map(toPart) };
}

/** Strict mode takes only schemas whose objects are closed and need all their properties. */
export function fitsStrictMode(schema: unknown): boolean {
  if (Array.isArray(schema)) return schema.every(fitsStrictMode);
  if (!isPlainObject(schema)) return true;
  if ('oneOf' in schema || 'allOf' in schema || 'patternProperties' in schema || 'not' in schema || 'default' in schema) return false;
  if (schema.type === 'object' || schema.properties) {
    const names = Object.keys(isPlainObject(schema.properties) ? schema.properties : {});
    const required = Array.isArray(schema.required) ? schema.required : [];
    if (schema.additionalProperties !== false || !names.every((name) => required.includes(name))) return false;
    if (!Object.values(schema.properties ?? {}).every(fitsStrictMode)) return false;
  }
  return [schema.items, schema.anyOf, ...Object.values(isPlainObject(schema.$defs) ? schema.$defs : {})].every(fitsStrictMode);
}

function responseFormat(schema: JsonSchema, name: string): NonNullable<Params['response_format']> {
  const strict = schema.type === 'object' && fitsStrictMode(schema);
  return { type: 'json_schema', json_schema: { name: name.replace(/[^\w-]/g, '_').slice(0, 64), schema, strict } };
}

/** The request in OpenAI's words, without what this server is known not to understand. `modern` servers count reasoning in the limit too. */
export function toOpenAiRequest(request: ProviderRequest, modern: boolean, quirks: ReadonlySet<Quirk>): Params {
  const messages = request.messages.map(toMessage);
  const inWords = request.schema !== undefined && quirks.has('response_format');
  const limit: Quirk = quirks.has('max_completion_tokens') || (!modern && !quirks.has('max_tokens')) ? 'max_tokens' : 'max_completion_tokens';
  return {
    model: request.model,
    messages: inWords && request.schema ? [...messages, { role: 'system', content: schemaPrompt(request.schema) }] : messages,
    stream: true,
    ...(!quirks.has('stream_options') && { stream_options: { include_usage: true } }),
    ...(request.temperature !== undefined && !quirks.has('temperature') && { temperature: request.temperature }),
    ...(request.maxTokens !== undefined && { [limit]: request.maxTokens }),
    ...(request.schema && !inWords && { response_format: responseFormat(request.schema, request.schemaName ?? 'answer') }),
  };
}
