import { randomUUID } from 'node:crypto';
import type { ToolCall } from '@switchyard/shared/model/chat.ts';
import type { ModelAnswer } from '../../services/openai-api/model-call.ts';
import { event } from '../event-stream.ts';
import type { StreamFormat } from './answer-stream.ts';
import type { ResponsesCall } from './responses-request.ts';

/* The response of `POST /v1/responses`, whole and streamed. */

const itemId = (prefix: 'msg' | 'fc'): string => `${prefix}_${randomUUID().replaceAll('-', '')}`;

/** The response before there is output. */
function emptyResponse({ call, instructions }: ResponsesCall, now: Date) {
  return {
    id: `resp_${randomUUID().replaceAll('-', '')}`,
    object: 'response',
    created_at: Math.floor(now.getTime() / 1_000),
    status: 'in_progress',
    background: false,
    error: null as { code: string; message: string } | null,
    incomplete_details: null,
    instructions,
    max_output_tokens: call.maxTokens ?? null,
    metadata: {},
    model: call.model,
    output: [] as object[],
    parallel_tool_calls: call.parallelToolCalls ?? true,
    previous_response_id: null,
    reasoning: { effort: null, summary: null },
    store: false,
    temperature: call.temperature ?? null,
    text: { format: { type: 'text' } },
    tool_choice: typeof call.toolChoice === 'object' ? { type: 'function', ...call.toolChoice } : (call.toolChoice ?? 'auto'),
    tools: (call.tools ?? []).map((tool) => ({ type: 'function', parameters: null, strict: null, ...tool })),
    top_p: call.topP ?? null,
    truncation: 'disabled',
    usage: null,
  };
}

type Response = ReturnType<typeof emptyResponse>;

const textPart = (text: string) => ({ type: 'output_text', text, annotations: [], logprobs: [] });
const messageItem = (id: string, text: string) => ({ type: 'message', id, status: 'completed', role: 'assistant', content: [textPart(text)] });
const callItem = (id: string, { id: callId, name, arguments: written }: ToolCall) => ({
  type: 'function_call',
  id,
  call_id: callId,
  name,
  arguments: written,
  status: 'completed',
});

function finished(response: Response, output: readonly object[], { finishReason, usage, run }: ModelAnswer) {
  const { inputTokens, outputTokens } = usage;
  const reason = finishReason === 'length' ? 'max_output_tokens' : finishReason === 'content_filter' ? 'content_filter' : undefined;
  return {
    ...response,
    status: reason ? 'incomplete' : 'completed',
    incomplete_details: reason ? { reason } : null,
    output,
    usage: {
      input_tokens: inputTokens,
      input_tokens_details: { cached_tokens: 0 },
      output_tokens: outputTokens,
      output_tokens_details: { reasoning_tokens: 0 },
      total_tokens: inputTokens + outputTokens,
    },
    ...(run && { switchyard: run }),
  };
}

const hasMessage = ({ text, toolCalls }: ModelAnswer): boolean => text !== '' || toolCalls.length === 0;

export function wholeResponse(read: ResponsesCall, answer: ModelAnswer, now: Date) {
  const message = hasMessage(answer) ? [messageItem(itemId('msg'), answer.text)] : [];
  return finished(emptyResponse(read, now), [...message, ...answer.toolCalls.map((call) => callItem(itemId('fc'), call))], answer);
}

/** Events with sequence numbers. Tool calls are sent whole, and the last event names the run. */
export function responseStream(read: ResponsesCall, now: Date): StreamFormat {
  const response = emptyResponse(read, now);
  const message = itemId('msg');
  let sequence = 0;
  let open = false;
  const emit = (type: string, data: object): string => event({ type, sequence_number: sequence++, ...data }, type);
  const inMessage = { item_id: message, output_index: 0, content_index: 0 };
  const opened = (): string => {
    if (open) return '';
    open = true;
    const item = { ...messageItem(message, ''), status: 'in_progress', content: [] };
    return emit('response.output_item.added', { output_index: 0, item }) + emit('response.content_part.added', { ...inMessage, part: textPart('') });
  };
  const closed = (text: string): string =>
    emit('response.output_text.done', { ...inMessage, text, logprobs: [] }) +
    emit('response.content_part.done', { ...inMessage, part: textPart(text) }) +
    emit('response.output_item.done', { output_index: 0, item: messageItem(message, text) });
  const toolCall = (call: ToolCall, output_index: number): { item: object; text: string } => {
    const item = callItem(itemId('fc'), call);
    const place = { item_id: item.id, output_index };
    const text =
      emit('response.output_item.added', { output_index, item: { ...item, status: 'in_progress', arguments: '' } }) +
      emit('response.function_call_arguments.delta', { ...place, delta: call.arguments }) +
      emit('response.function_call_arguments.done', { ...place, name: call.name, arguments: call.arguments }) +
      emit('response.output_item.done', { output_index, item });
    return { item, text };
  };
  return {
    start: () => emit('response.created', { response }) + emit('response.in_progress', { response }),
    delta: (text) => opened() + emit('response.output_text.delta', { ...inMessage, delta: text, logprobs: [] }),
    end: (answer) => {
      const said = hasMessage(answer) ? opened() + closed(answer.text) : '';
      const items: object[] = said === '' ? [] : [messageItem(message, answer.text)];
      const before = items.length;
      const calls = answer.toolCalls.map((call, index) => toolCall(call, before + index));
      const whole = finished(response, [...items, ...calls.map(({ item }) => item)], answer);
      return said + calls.map(({ text }) => text).join('') + emit(`response.${whole.status}`, { response: whole });
    },
    failed: ({ error: { code, message: said, param }, ...more }) =>
      emit('error', { code, message: said, param }) +
      emit('response.failed', { response: { ...response, status: 'failed', error: { code, message: said }, ...more } }),
  };
}
