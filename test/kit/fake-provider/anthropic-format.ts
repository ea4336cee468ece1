import { type FakeCall, promptTokens, tokensOf, type WireFormat } from './wire-format.ts';

const event = (type: string, data: object): string => `event: ${type}\ndata: ${JSON.stringify({ type, ...data })}\n\n`;

/** The tool that must be called, if the request forces one: the answer is then its input. */
const forcedTool = (call: FakeCall): string | undefined => {
  const choice = call.body.tool_choice as { type?: string; name?: string } | undefined;
  return choice?.type === 'tool' ? choice.name : undefined;
};

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return {};
  }
};

const block = (call: FakeCall, text: string): object => {
  const tool = forcedTool(call);
  return tool ? { type: 'tool_use', id: 'toolu_fake', name: tool, input: text === '' ? {} : parsed(text) } : { type: 'text', text };
};

const message = (call: FakeCall, content: object[], stop: string | null, output: number): object => ({
  id: 'msg_fake',
  type: 'message',
  role: 'assistant',
  model: call.model,
  content,
  stop_reason: stop,
  stop_sequence: null,
  usage: {
    input_tokens: promptTokens(call) - (call.details?.cached ?? 0) - (call.details?.written ?? 0),
    ...(call.details && { cache_read_input_tokens: call.details.cached, cache_creation_input_tokens: call.details.written ?? 0 }),
    output_tokens: output,
  },
});

const stopReason = (call: FakeCall): string => (forcedTool(call) ? 'tool_use' : 'end_turn');

/** Messages in Anthropic's format. */
export const anthropicFormat: WireFormat = {
  whole: (call, text) => message(call, [block(call, text)], stopReason(call), tokensOf(text)),
  start: (call) => event('message_start', { message: message(call, [], null, 1) }) + event('content_block_start', { index: 0, content_block: block(call, '') }),
  word: (call, text) =>
    event('content_block_delta', { index: 0, delta: forcedTool(call) ? { type: 'input_json_delta', partial_json: text } : { type: 'text_delta', text } }),
  end: (call, text) =>
    event('content_block_stop', { index: 0 }) +
    event('message_delta', { delta: { stop_reason: stopReason(call), stop_sequence: null }, usage: { output_tokens: tokensOf(text) } }) +
    event('message_stop', {}),
  error: (status, words) => ({
    type: 'error',
    error: { type: status === 529 ? 'overloaded_error' : status === 429 ? 'rate_limit_error' : 'api_error', message: words },
  }),
};
