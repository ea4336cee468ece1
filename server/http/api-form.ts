import { AppError } from '@switchyard/shared/errors.ts';
import { MOST_FILES_BYTES } from '@switchyard/shared/files/limits.ts';
import { isPlainObject } from '@switchyard/shared/json.ts';
import { parseMediaType } from '@switchyard/shared/media-type.ts';
import { demandFewFiles, UploadedFile } from '../services/files/uploaded-file.ts';
import { tooLarge } from './body-intake.ts';
import { collect } from './hooks/form-fields.ts';
import { multipartPairs } from './hooks/multipart.ts';
import { parseJson } from './json-body.ts';

/*
 * API requests with files: multipart/form-data with the usual JSON in the field `request`, and each file in a field that names the field of the
 * input it belongs to. Several files of one field become a list.
 */

const REQUEST = 'request';

export const isFormType = (contentType: string | undefined): boolean => parseMediaType(contentType ?? '')?.type === 'multipart/form-data';

/** The most bytes of such a body. */
export const formBytes = (jsonBytes: number): number => jsonBytes + MOST_FILES_BYTES;

/** The body of such a request, with its files in `input`. Throws `bad-request`, `bad-json`, `too-large`. */
export function readApiForm(raw: Buffer, contentType: string, jsonBytes: number): Record<string, unknown> {
  const pairs = multipartPairs(raw, parseMediaType(contentType)?.parameters.get('boundary'), () => 'file');
  const files = pairs.flatMap(([name, value]): [string, UploadedFile][] => (value instanceof UploadedFile ? [[name, value]] : []));
  demandFewFiles(files.map(([, file]) => file));
  const texts = pairs.flatMap(([name, value]): [string, string][] => (typeof value === 'string' ? [[name, value]] : []));
  const unknown = texts.find(([name]) => name !== REQUEST)?.[0];
  if (unknown !== undefined || texts.length > 1)
    throw new AppError(
      'bad-request',
      `Send one field “${REQUEST}” with the JSON of the request${unknown === undefined ? '' : `, not “${unknown}”`}. Other fields must be files.`,
    );
  const text = texts[0]?.[1] ?? '{}';
  if (Buffer.byteLength(text) > jsonBytes) throw tooLarge(jsonBytes);
  const request = parseJson(text);
  if (!isPlainObject(request)) throw new AppError('bad-request', `The field “${REQUEST}” must be a JSON object.`);
  const { input = {} } = request;
  if (files.length > 0 && !isPlainObject(input)) throw new AppError('bad-request', 'The input must be an object for files to be added to it.');
  return files.length === 0 ? request : { ...request, input: { ...(input as object), ...collect(files) } };
}
