import type { z } from 'zod';
import { AppError, type FieldError } from '../errors.ts';
import { isPlainObject } from '../json.ts';

/* What the kinds of files have in common: each begins with its format and the version of it. */

/** The version of every format. */
const VERSION = 1;

interface Kind {
  readonly what: string;
  /** `switchyard/<what>@1` */
  readonly format: string;
}

/** Throws `bad-request` if a value is not a file of this kind, or of another version. */
export function checkFormat(value: unknown, { what, format: wanted }: Kind): void {
  const format = isPlainObject(value) && Object.hasOwn(value, 'format') ? value.format : undefined;
  const [stem = ''] = wanted.split('@');
  const [version] = typeof format === 'string' && format.startsWith(`${stem}@`) ? (/^\d{1,9}$/.exec(format.slice(stem.length + 1)) ?? []) : [];
  if (Number(version) === VERSION) return;
  throw refusal(version === undefined ? `Not a Switchyard ${what} file: its “format” is not “${wanted}”.` : otherVersion(Number(version), what));
}

const otherVersion = (version: number, what: string): string =>
  version > VERSION
    ? `This file needs a newer Switchyard (format version ${version}, this server has ${VERSION}). Update Switchyard, then import it again.`
    : `This file has format version ${version}, which doesn’t exist. Export the ${what} again.`;

const refusal = (message: string): AppError => new AppError('bad-request', `${message} Nothing was imported.`, { fields: [{ path: 'format', message }] });

/** What a schema rejects in a file, at most 50 places. */
export const fieldErrors = (error: z.ZodError): FieldError[] =>
  error.issues.slice(0, 50).map(({ path, message }) => ({ path: path.map(String).join('.'), message }));
