import { isPlainObject } from '@switchyard/shared/json.ts';
import { costOfCall } from '@switchyard/shared/run/cost.ts';
import type { CallRecord, HttpCallRecord, ModelCallRecord } from '@switchyard/shared/run/events.ts';
import type { Attributes } from './span.ts';

/*
 * What spans of calls say: names, figures, and settings. Values of the run (messages, answers, and URLs, which can contain them) only if
 * contents are switched on.
 */

const LONGEST_CONTENT = 16_384;

/** JSON of a value, cut off. */
export const contentOf = (value: unknown): string => (typeof value === 'string' ? value : (JSON.stringify(value) ?? '')).slice(0, LONGEST_CONTENT);

export function nameOfCall(kind: string, name: string, record: CallRecord | undefined): string {
  if (record?.kind === 'model') return `chat ${record.model}`;
  return record?.kind === 'http' ? record.method : `${kind} ${name}`;
}

export function callAttributes(record: CallRecord | undefined, hasContents: boolean): Attributes {
  if (record?.kind === 'model') return modelAttributes(record, hasContents);
  return record?.kind === 'http' ? httpAttributes(record, hasContents) : {};
}

function httpAttributes({ method, url, status, bytes }: HttpCallRecord, hasContents: boolean): Attributes {
  const target = URL.parse(url);
  return {
    'http.request.method': method,
    ...(target && { 'server.address': target.hostname }),
    ...(target && target.port !== '' && { 'server.port': Number(target.port) }),
    ...(status !== undefined && { 'http.response.status_code': status }),
    ...(bytes !== undefined && { 'http.response.body.size': bytes }),
    ...(hasContents && { 'url.full': contentOf(url) }),
  };
}

/** By the conventions for generative AI. Providers are named as there. */
const PROVIDERS: Readonly<Record<string, string>> = { 'azure-openai': 'azure.ai.openai' };

function modelAttributes(record: ModelCallRecord, hasContents: boolean): Attributes {
  const { provider, model, usage, finishReason, route, cached, attempts, request, answer, connection } = record;
  const sent = isPlainObject(request) ? request : {};
  const asked = typeof sent.model === 'string' ? sent.model : model;
  const number = (name: string, value: unknown): Attributes => (typeof value === 'number' ? { [name]: value } : {});
  return {
    'gen_ai.operation.name': 'chat',
    'gen_ai.provider.name': PROVIDERS[provider] ?? provider,
    'gen_ai.request.model': asked,
    'gen_ai.response.model': model,
    ...number('gen_ai.request.temperature', sent.temperature),
    ...number('gen_ai.request.top_p', sent.topP),
    ...number('gen_ai.request.max_tokens', sent.maxTokens),
    'gen_ai.usage.input_tokens': usage.inputTokens,
    'gen_ai.usage.output_tokens': usage.outputTokens,
    ...number('gen_ai.usage.cache_read.input_tokens', usage.cachedInputTokens),
    ...(finishReason !== '' && { 'gen_ai.response.finish_reasons': [finishReason] }),
    'switchyard.route': route,
    'switchyard.connection': connection,
    'switchyard.cost_micros': costOfCall(record).costMicros,
    'switchyard.attempts': attempts.length,
    ...(cached && { 'switchyard.cached': true }),
    ...(hasContents && {
      'gen_ai.input.messages': contentOf(sent.messages ?? request),
      'gen_ai.output.messages': contentOf([{ role: 'assistant', parts: [{ type: 'text', content: answer }], finish_reason: finishReason }]),
    }),
  };
}
