import { type FakeCall, promptTokens, tokensOf, type WireFormat } from './wire-format.ts';

const usage = (call: FakeCall, text: string) => {
  const [prompt, completion] = [promptTokens(call), tokensOf(text)];
  const { cached, reasoning } = call.details ?? {};
  return {
    prompt_tokens: prompt,
    completion_tokens: completion,
    total_tokens: prompt + completion,
    ...(call.details && { prompt_tokens_details: { cached_tokens: cached }, completion_tokens_details: { reasoning_tokens: reasoning } }),
  };
};

const chunk = (call: FakeCall, more: object): string =>
  `data: ${JSON.stringify({ id: 'chatcmpl-fake', object: 'chat.completion.chunk', created: 1, model: call.model, choices: [], ...more })}\n\n`;
const delta = (call: FakeCall, content: object, finish: string | null): string =>
  chunk(call, { choices: [{ index: 0, delta: content, finish_reason: finish }] });

const wantsUsage = (call: FakeCall): boolean => (call.body.stream_options as { include_usage?: boolean } | undefined)?.include_usage === true;

/** Chat completions in OpenAI's format. */
export const openAiFormat: WireFormat = {
  whole: (call, text) => ({
    id: 'chatcmpl-fake',
    object: 'chat.completion',
    created: 1,
    model: call.model,
    choices: [{ index: 0, message: { role: 'assistant', content: text }, finish_reason: 'stop' }],
    usage: usage(call, text),
  }),
  start: (call) => delta(call, { role: 'assistant', content: '' }, null),
  word: (call, text) => delta(call, { content: text }, null),
  end: (call, text) => `${delta(call, {}, 'stop')}${wantsUsage(call) ? chunk(call, { usage: usage(call, text) }) : ''}data: [DONE]\n\n`,
  error: (status, message) => ({ error: { message, type: 'fake_error', code: String(status), param: null } }),
};
