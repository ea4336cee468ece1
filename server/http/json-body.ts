import { AppError } from '@switchyard/shared/errors.ts';
import { JSON_LIMITS, JsonLimitError, type JsonLimits, readJson } from '@switchyard/shared/read-json.ts';
import { jsonMistake } from './json-mistake.ts';

const utf8 = new TextDecoder('utf-8', { fatal: true });

/** The text of a body. Throws `bad-json` if its bytes are not UTF-8, instead of guessing an encoding. */
export function textOfBody(raw: Uint8Array): string {
  try {
    return utf8.decode(raw);
  } catch (cause) {
    throw new AppError('bad-json', 'The body is not valid UTF-8. Send it as UTF-8.', { cause });
  }
}

/** Parses the JSON of a request. Throws `bad-json` with line and column, `bad-request` if it exceeds a limit. */
export function parseJson(text: string, limits: JsonLimits = JSON_LIMITS): unknown {
  try {
    return readJson(text, limits);
  } catch (error) {
    if (error instanceof JsonLimitError) throw new AppError('bad-request', `The body ${error.message}.`, { cause: error });
    throw badJson(text, error);
  }
}

function badJson(text: string, cause: unknown): AppError {
  if (text.trim() === '') return new AppError('bad-json', 'The body is empty. Expected JSON.', { cause });
  const { line, column, what } = jsonMistake(text);
  return new AppError('bad-json', `Invalid JSON: ${what} at line ${line}, column ${column}.`, { cause, details: { line, column } });
}
