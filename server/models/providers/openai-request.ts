import { isPlainObject, type JsonSchema } from '@switchyard/shared/json.ts';
import { type ChatMessage, type MessagePart, textMessage, textOf } from '@switchyard/shared/model/chat.ts';
import type OpenAI from 'openai';
import type { ProviderRequest } from '../provider.ts';
import { schemaPrompt } from '../schema-prompt.ts';

type Params = OpenAI.ChatCompletionCreateParamsStreaming;
type Part = OpenAI.ChatCompletionContentPart;

/** Parameters that some servers or models reject. */
export type Quirk = 'response_format' | 'max_completion_tokens' | 'max_tokens' | 'temperature' | 'top_p' | 'stream_options' | 'system';
type Limit = 'max_completion_tokens' | 'max_tokens';
const QUIRKS: readonly Quirk[] = ['response_format', 'max_completion_tokens', 'max_tokens', 'temperature', 'top_p', 'stream_options'];

/** The parameters of a request that could be left out or translated. */
export const sentIn = (params: Params): Quirk[] => [
  ...QUIRKS.filter((name) => name in params),
  ...(params.messages.some(({ role }) => role === 'system') ? (['system'] as const) : []),
];

function toPart(part: MessagePart): Part[] {
  if (part.type === 'text') return [{ type: 'text', text: part.text }];
  if (part.type === 'image') return [{ type: 'image_url', image_url: { url: `data:${part.mediaType};base64,${part.data}` } }];
  if (part.type === 'file') return [{ type: 'file', file: { filename: part.name, file_data: `data:${part.mediaType};base64,${part.data}` } }];
  return [];
}

/** Each tool result is a message of its own in this protocol. */
function toMessages(message: ChatMessage): OpenAI.ChatCompletionMessageParam[] {
  if (message.role === 'system') return [{ role: 'system', content: textOf(message) }];
  if (message.role === 'assistant') return [toAssistantMessage(message)];
  const results = message.content.flatMap((part) =>
    part.type === 'tool-result' ? [{ role: 'tool' as const, tool_call_id: part.callId, content: part.text }] : [],
  );
  const said = message.content.filter(({ type }) => type !== 'tool-result');
  if (said.length === 0 && results.length > 0) return results;
  const onlyText = said.every(({ type }) => type === 'text');
  return [...results, { role: 'user', content: onlyText ? textOf(message) : said.flatMap(toPart) }];
}

function toAssistantMessage(message: ChatMessage): OpenAI.ChatCompletionAssistantMessageParam {
  const calls = message.content.flatMap((part) =>
    part.type === 'tool-call' ? [{ id: part.id, type: 'function' as const, function: { name: part.name, arguments: part.arguments } }] : [],
  );
  const content = textOf(message);
  if (calls.length === 0) return { role: 'assistant', content };
  return { role: 'assistant', content: content === '' ? null : content, tool_calls: calls };
}

/** The functions that the caller offers. */
function toolsOf({ tools, toolChoice, parallelToolCalls }: ProviderRequest): Pick<Params, 'tools' | 'tool_choice' | 'parallel_tool_calls'> {
  if (!tools || tools.length === 0) return {};
  return {
    tools: tools.map(({ name, description, parameters, strict }) => ({
      type: 'function',
      function: { name, ...(description !== undefined && { description }), ...(parameters && { parameters }), ...(strict !== undefined && { strict }) },
    })),
    ...(toolChoice !== undefined && { tool_choice: typeof toolChoice === 'string' ? toolChoice : { type: 'function', function: { name: toolChoice.name } } }),
    ...(parallelToolCalls !== undefined && { parallel_tool_calls: parallelToolCalls }),
  };
}

/** Strict mode accepts only schemas whose objects are closed and require all their properties. */
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

/** Puts system messages in front of the first user message, for models without a system role. */
function withoutSystemRole(messages: readonly ChatMessage[]): ChatMessage[] {
  const system = messages.filter(({ role }) => role === 'system').flatMap(({ content }) => content);
  const others = messages.filter(({ role }) => role !== 'system');
  const first = others.findIndex(({ role }) => role === 'user');
  const [before, asked, after] = first < 0 ? [[], undefined, others] : [others.slice(0, first), others[first], others.slice(first + 1)];
  const content = [...system, ...(system.length > 0 && asked ? [{ type: 'text', text: '\n\n' } as const] : []), ...(asked?.content ?? [])];
  return [...before, { role: 'user', content }, ...after];
}

/** The request without what this model is known to reject: without a schema or system role, the messages say the same. */
export function adaptedRequest(request: ProviderRequest, quirks: ReadonlySet<Quirk>): ProviderRequest {
  const { schema, schemaName, temperature, topP, messages, ...others } = request;
  const describes = schema !== undefined && quirks.has('response_format');
  const asked = describes ? [...messages, textMessage('system', schemaPrompt(schema))] : messages;
  return {
    ...others,
    messages: quirks.has('system') ? withoutSystemRole(asked) : asked,
    ...(temperature !== undefined && !quirks.has('temperature') && { temperature }),
    ...(topP !== undefined && !quirks.has('top_p') && { topP }),
    ...(schema && !describes && { schema, ...(schemaName !== undefined && { schemaName }) }),
  };
}

/** The name of the output limit. `modern` servers count reasoning in it, too. */
export function limitName(modern: boolean, quirks: ReadonlySet<Quirk>): Limit {
  const [usual, other]: [Limit, Limit] = modern ? ['max_completion_tokens', 'max_tokens'] : ['max_tokens', 'max_completion_tokens'];
  return quirks.has(usual) ? other : usual;
}

/** The request for OpenAI’s API. */
export const toOpenAiRequest = (request: ProviderRequest, limit: Limit, quirks: ReadonlySet<Quirk>): Params => ({
  model: request.model,
  messages: request.messages.flatMap(toMessages),
  stream: true,
  ...(!quirks.has('stream_options') && { stream_options: { include_usage: true } }),
  ...(request.temperature !== undefined && { temperature: request.temperature }),
  ...(request.topP !== undefined && { top_p: request.topP }),
  ...(request.stop !== undefined && { stop: [...request.stop] }),
  ...toolsOf(request),
  ...(request.maxTokens !== undefined && { [limit]: request.maxTokens }),
  ...(request.schema && { response_format: responseFormat(request.schema, request.schemaName ?? 'answer') }),
});
