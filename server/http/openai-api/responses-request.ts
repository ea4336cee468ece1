import { isPlainObject } from '@switchyard/shared/json.ts';
import { type ChatMessage, textMessage, textOf } from '@switchyard/shared/model/chat.ts';
import { z } from 'zod';
import type { ModelCall } from '../../services/openai-api/model-call.ts';
import { functionFields, joinToolResults, type KnownFields, readFields, toolCallPart, toolChoiceWord } from './read-body.ts';

/* The request of `POST /v1/responses`. Nothing is stored, so a request carries its whole conversation. Text and function tools only. */

const KNOWN: KnownFields = {
  ignored: ['user', 'metadata', 'service_tier', 'safety_identifier', 'prompt_cache_key', 'prompt_cache_retention'],
  neutral: { store: [false], background: [false], include: [[]], truncation: ['disabled'], top_logprobs: [0], reasoning: [{}] },
};

const inputText = z.object({ type: z.literal('input_text'), text: z.string() });
const outputText = z.object({ type: z.literal('output_text'), text: z.string() });

const itemSchema = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('message'),
    role: z.enum(['user', 'assistant', 'system', 'developer']),
    content: z.union([z.string(), z.array(z.discriminatedUnion('type', [inputText, outputText]))]),
  }),
  z.object({ type: z.literal('function_call'), call_id: z.string(), name: z.string(), arguments: z.string() }),
  z.object({ type: z.literal('function_call_output'), call_id: z.string(), output: z.union([z.string(), z.array(inputText)]) }),
]);
type Item = z.output<typeof itemSchema>;

const schema = z.strictObject({
  model: z.string().min(1).max(300),
  input: z.union([z.string(), z.array(itemSchema).min(1).max(10_000)]),
  instructions: z.string().optional(),
  stream: z.boolean().default(false),
  stream_options: z.strictObject({ include_obfuscation: z.boolean().optional() }).optional(),
  temperature: z.number().min(0).max(2).optional(),
  top_p: z.number().min(0).max(1).optional(),
  max_output_tokens: z.number().int().min(1).optional(),
  text: z.strictObject({ format: z.discriminatedUnion('type', [z.object({ type: z.literal('text') })]).optional() }).optional(),
  tools: z
    .array(z.discriminatedUnion('type', [z.object({ type: z.literal('function'), ...functionFields })]))
    .max(128)
    .optional(),
  tool_choice: z.union([toolChoiceWord, z.object({ type: z.literal('function'), name: z.string() })]).optional(),
  parallel_tool_calls: z.boolean().optional(),
});

export interface ResponsesCall {
  readonly call: ModelCall;
  /** What the response repeats from the request. */
  readonly instructions: string | null;
}

export function readResponsesRequest(body: Record<string, unknown>): ResponsesCall {
  const fields = readFields(schema, { ...body, input: withTypes(body.input) }, KNOWN);
  const { model, input, instructions, stream, temperature, top_p: topP, max_output_tokens: maxTokens, tools, tool_choice: choice } = fields;
  const said = typeof input === 'string' ? [textMessage('user', input)] : joinToolCalls(input.map(toMessage));
  const messages = [...(instructions === undefined ? [] : [textMessage('system', instructions)]), ...joinToolResults(said)];
  const call: ModelCall = {
    model,
    stream,
    messages,
    written: messages.flatMap((message) => (hasText(message) ? [{ role: message.role, content: textOf(message) }] : [])),
    ...(temperature !== undefined && { temperature }),
    ...(topP !== undefined && { topP }),
    ...(maxTokens !== undefined && { maxTokens }),
    ...(tools && tools.length > 0 && { tools: tools.map(({ type: _type, ...tool }) => tool) }),
    ...(choice !== undefined && { toolChoice: typeof choice === 'string' ? choice : { name: choice.name } }),
    ...(fields.parallel_tool_calls !== undefined && { parallelToolCalls: fields.parallel_tool_calls }),
  };
  return { call, instructions: instructions ?? null };
}

/** The type of a message may be left out. */
const withTypes = (input: unknown): unknown =>
  Array.isArray(input) ? input.map((item: unknown) => (isPlainObject(item) && item.type === undefined ? { type: 'message', ...item } : item)) : input;

const textIn = (content: string | readonly { readonly text: string }[]): string =>
  typeof content === 'string' ? content : content.map(({ text }) => text).join('');

function toMessage(item: Item): ChatMessage {
  if (item.type === 'function_call') return { role: 'assistant', content: [toolCallPart({ id: item.call_id, name: item.name, arguments: item.arguments })] };
  if (item.type === 'function_call_output') return { role: 'user', content: [{ type: 'tool-result', callId: item.call_id, text: textIn(item.output) }] };
  return textMessage(item.role === 'developer' ? 'system' : item.role, textIn(item.content));
}

/** Adds the tool calls of a turn to its message: each is an item of its own here, but not for providers. */
function joinToolCalls(messages: readonly ChatMessage[]): ChatMessage[] {
  const joined: ChatMessage[] = [];
  for (const message of messages) {
    const before = joined.at(-1);
    const isCall = message.content[0]?.type === 'tool-call';
    if (isCall && before?.role === 'assistant') joined[joined.length - 1] = { ...before, content: [...before.content, ...message.content] };
    else joined.push(message);
  }
  return joined;
}

const hasText = ({ content }: ChatMessage): boolean => content.some(({ type }) => type === 'text');
