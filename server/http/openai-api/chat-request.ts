import type { ChatMessage, MessagePart } from '@switchyard/shared/model/chat.ts';
import { z } from 'zod';
import { type ModelCall, unsupported } from '../../services/openai-api/model-call.ts';
import { functionFields, joinToolResults, type KnownFields, orAbsent, readFields, refuseBadSchema, toolCallPart, toolChoiceWord } from './read-body.ts';

/* The request of `POST /v1/chat/completions`. */

const KNOWN: KnownFields = {
  ignored: ['user', 'seed', 'metadata', 'service_tier', 'safety_identifier', 'prompt_cache_key', 'prompt_cache_retention'],
  neutral: {
    n: [1],
    logprobs: [false],
    top_logprobs: [0],
    store: [false],
    frequency_penalty: [0],
    presence_penalty: [0],
    logit_bias: [{}],
    modalities: [['text']],
  },
};

const textPart = z.object({ type: z.literal('text'), text: z.string() });
const texts = z.union([z.string(), z.array(textPart)]);
const userPart = z.discriminatedUnion('type', [
  textPart,
  z.object({ type: z.literal('image_url'), image_url: z.object({ url: z.string() }) }),
  z.object({ type: z.literal('file'), file: z.object({ filename: z.string().optional(), file_data: z.string() }) }),
]);
const toolCall = z.object({ id: z.string(), type: z.literal('function'), function: z.object({ name: z.string(), arguments: z.string() }) });

const messageSchema = z.discriminatedUnion('role', [
  z.object({ role: z.enum(['system', 'developer']), content: texts }),
  z.object({ role: z.literal('user'), content: z.union([z.string(), z.array(userPart)]) }),
  z.object({ role: z.literal('assistant'), content: texts.nullish(), tool_calls: z.array(toolCall).nullish() }),
  z.object({ role: z.literal('tool'), tool_call_id: z.string(), content: texts }),
]);
type Message = z.output<typeof messageSchema>;

const schema = z.strictObject({
  model: z.string().min(1).max(300),
  messages: z.array(messageSchema).min(1).max(10_000),
  stream: z.boolean().default(false),
  stream_options: z.strictObject({ include_usage: z.boolean().optional(), include_obfuscation: z.boolean().optional() }).optional(),
  temperature: z.number().min(0).max(2).optional(),
  top_p: z.number().min(0).max(1).optional(),
  max_tokens: z.number().int().min(1).optional(),
  max_completion_tokens: z.number().int().min(1).optional(),
  stop: z.union([z.string(), z.array(z.string()).max(4)]).optional(),
  response_format: z
    .discriminatedUnion('type', [
      z.object({ type: z.literal('text') }),
      z.object({ type: z.literal('json_object') }),
      z.object({ type: z.literal('json_schema'), json_schema: z.object({ name: z.string(), schema: z.record(z.string(), z.unknown()).optional() }) }),
    ])
    .optional(),
  tools: z
    .array(z.discriminatedUnion('type', [z.object({ type: z.literal('function'), function: z.object(functionFields) })]))
    .max(128)
    .optional(),
  tool_choice: z.union([toolChoiceWord, z.object({ type: z.literal('function'), function: z.object({ name: z.string() }) })]).optional(),
  parallel_tool_calls: z.boolean().optional(),
});
type Fields = z.output<typeof schema>;

export interface ChatCompletionCall {
  readonly call: ModelCall;
  /** The stream ends with a chunk of its usage. */
  readonly includeUsage: boolean;
}

export function readChatRequest(body: Record<string, unknown>): ChatCompletionCall {
  const fields = readFields(schema, body, KNOWN);
  const { model, messages, stream, temperature, top_p: topP, stop, parallel_tool_calls: parallelToolCalls } = fields;
  const maxTokens = fields.max_completion_tokens ?? fields.max_tokens;
  const choice = fields.tool_choice;
  const call: ModelCall = {
    model,
    stream,
    messages: joinToolResults(messages.map(toChatMessage)),
    written: Array.isArray(body.messages) ? body.messages : [],
    ...(temperature !== undefined && { temperature }),
    ...(topP !== undefined && { topP }),
    ...(maxTokens !== undefined && { maxTokens }),
    ...(stop !== undefined && stop.length > 0 && { stop: typeof stop === 'string' ? [stop] : stop }),
    ...formatOf(fields),
    ...toolsOf(fields),
    ...(choice !== undefined && { toolChoice: typeof choice === 'string' ? choice : { name: choice.function.name } }),
    ...(parallelToolCalls !== undefined && { parallelToolCalls }),
  };
  return { call, includeUsage: fields.stream_options?.include_usage === true };
}

function formatOf({ response_format: format }: Fields): Pick<ModelCall, 'schema' | 'schemaName'> {
  if (!format || format.type === 'text') return {};
  if (format.type === 'json_object') return { schema: { type: 'object' } };
  const { name, schema: wanted = { type: 'object' } } = format.json_schema;
  refuseBadSchema(wanted, 'response_format.json_schema.schema');
  return { schema: wanted, schemaName: name };
}

const toolsOf = ({ tools }: Fields): Pick<ModelCall, 'tools'> => (tools && tools.length > 0 ? { tools: tools.map((tool) => tool.function) } : {});

function toChatMessage(message: Message, index: number): ChatMessage {
  const content = partsOf(message.content, `messages[${index}].content`);
  switch (message.role) {
    case 'system':
    case 'developer':
      return { role: 'system', content };
    case 'user':
      return { role: 'user', content };
    case 'tool':
      return { role: 'user', content: [{ type: 'tool-result', callId: message.tool_call_id, text: textIn(content) }] };
    case 'assistant': {
      const calls = orAbsent(message.tool_calls) ?? [];
      return { role: 'assistant', content: [...content, ...calls.map(({ id, function: asked }) => toolCallPart({ id, ...asked }))] };
    }
  }
}

const textIn = (content: readonly MessagePart[]): string => content.map((part) => (part.type === 'text' ? part.text : '')).join('');

function partsOf(content: Message['content'], param: string): MessagePart[] {
  if (typeof content === 'string') return [{ type: 'text', text: content }];
  return (content ?? []).map((part, index) => toPart(part, `${param}[${index}]`));
}

const DATA_URL = /^data:([\w.+/-]+);base64,/i;

function toPart(part: z.output<typeof userPart>, param: string): MessagePart {
  if (part.type === 'text') return { type: 'text', text: part.text };
  const url = part.type === 'image_url' ? part.image_url.url : part.file.file_data;
  const start = DATA_URL.exec(url.slice(0, 200));
  if (!start?.[1]) throw unsupported(param, 'Send images and files as base64 data URLs: this server doesn’t download them.');
  const data = { mediaType: start[1].toLowerCase(), data: url.slice(start[0].length) };
  return part.type === 'image_url' ? { type: 'image', ...data } : { type: 'file', name: part.file.filename ?? 'file', ...data };
}
