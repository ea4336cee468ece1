import { randomUUID } from 'node:crypto';
import type { Usage } from '@switchyard/shared/run/events.ts';
import type { ModelAnswer } from '../../services/openai-api/model-call.ts';
import { event } from '../event-stream.ts';
import type { StreamFormat } from './answer-stream.ts';
import type { ChatCompletionCall } from './chat-request.ts';

/* The response of `POST /v1/chat/completions`, whole and streamed. */

const usageOf = ({ inputTokens, outputTokens }: Usage) => ({
  prompt_tokens: inputTokens,
  completion_tokens: outputTokens,
  total_tokens: inputTokens + outputTokens,
});

const toolCallsOf = ({ toolCalls }: ModelAnswer) =>
  toolCalls.map(({ id, name, arguments: written }) => ({ id, type: 'function', function: { name, arguments: written } }));

const common = (object: string, model: string, now: Date) => ({
  id: `chatcmpl-${randomUUID()}`,
  object,
  created: Math.floor(now.getTime() / 1_000),
  model,
});

export function chatCompletion(model: string, answer: ModelAnswer, now: Date) {
  const calls = toolCallsOf(answer);
  const content = answer.text === '' && calls.length > 0 ? null : answer.text;
  return {
    ...common('chat.completion', model, now),
    choices: [
      {
        index: 0,
        message: { role: 'assistant', content, refusal: null, ...(calls.length > 0 && { tool_calls: calls }) },
        logprobs: null,
        finish_reason: answer.finishReason,
      },
    ],
    usage: usageOf(answer.usage),
    ...(answer.run && { switchyard: answer.run }),
  };
}

/** Chunks until `[DONE]`. Tool calls are sent whole, and the last chunk names the run. */
export function chatCompletionStream({ call, includeUsage }: ChatCompletionCall, now: Date): StreamFormat {
  const base = { ...common('chat.completion.chunk', call.model, now), ...(includeUsage && { usage: null }) };
  const chunk = (delta: object, finishReason: string | null = null, more: object = {}): string =>
    event({ ...base, choices: [{ index: 0, delta, logprobs: null, finish_reason: finishReason }], ...more });
  // A delta differs from the next one only in its text. Within JSON, the text that splits it appears nowhere else.
  const [before = '', after = ''] = chunk({ content: '' }).split('"content":""');
  return {
    start: () => chunk({ role: 'assistant', content: '' }),
    delta: (text) => `${before}"content":${JSON.stringify(text)}${after}`,
    end: (answer) => {
      const run = answer.run ? { switchyard: answer.run } : {};
      const calls = toolCallsOf(answer).map((one, index) => ({ index, ...one }));
      return [
        calls.length > 0 ? chunk({ tool_calls: calls }) : '',
        chunk({}, answer.finishReason, run),
        includeUsage ? event({ ...base, choices: [], usage: usageOf(answer.usage), ...run }) : '',
        'data: [DONE]\n\n',
      ].join('');
    },
    failed: (error) => event(error),
  };
}
