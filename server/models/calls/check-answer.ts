import { AppError, type FieldError } from '@switchyard/shared/errors.ts';
import { validateJson } from '@switchyard/shared/json-schema/validate.ts';
import type { ChatRequest } from '@switchyard/shared/model/chat.ts';
import { readAnswer } from '../fit-answer.ts';
import type { ProviderAnswer } from '../provider.ts';

/** Characters of an unusable answer that its error keeps. */
const LONGEST_QUOTE = 2_000;

/** The JSON of an answer, and why it does not fit. */
export function checkedAnswer({ schema, accept = schema }: ChatRequest, content: string): { value: unknown; errors: readonly FieldError[] } {
  if (!schema || !accept) return { value: undefined, errors: [] };
  const read = readAnswer(schema, content);
  return read ? { value: read.value, errors: validateJson(accept, read.value) } : { value: undefined, errors: [{ path: '', message: 'is not JSON' }] };
}

/** Describes errors to a model or a person. */
export const told = (errors: readonly FieldError[]): string => errors.map(({ path, message }) => `${path === '' ? 'the answer' : path} ${message}`).join('; ');

export function badAnswer(answer: ProviderAnswer, errors: readonly FieldError[]): AppError {
  const cutOff = answer.finishReason === 'length' ? ' It was cut off at the token limit. Increase Max tokens.' : '';
  const message = `The output of “${answer.model}” doesn’t match the schema: ${told(errors)}.${cutOff}`;
  return new AppError('bad-answer', message, { fields: errors, details: { answer: answer.content.slice(0, LONGEST_QUOTE) } });
}
