import { CURSOR } from '@switchyard/shared/contracts/contract.ts';
import { AppError } from '@switchyard/shared/errors.ts';
import type { Scalar } from './port.ts';

/** Where a page of results ended: the last record's value in the ordering field, and its ID. */
export interface CursorPosition {
  readonly value: Scalar;
  readonly id: string;
}

const inText = (text: string): string => Buffer.from(text).toString('base64url');
const fromText = (text: string): string => Buffer.from(text, 'base64url').toString('utf8');

function encodeValue(value: Scalar): string {
  if (typeof value === 'string') return `s${inText(value)}`;
  if (typeof value === 'boolean') return value ? 't' : 'f';
  if (value === null) return 'n';
  const bits = Buffer.alloc(8);
  bits.writeDoubleBE(value);
  return `d${bits.toString('hex')}`;
}

function decodeValue(text: string): Scalar {
  const [kind, rest] = [text[0], text.slice(1)];
  if (kind === 's') return fromText(rest);
  if (kind !== 'd') return kind === 'n' ? null : kind === 't';
  const value = Buffer.from(rest, 'hex').readDoubleBE();
  return Number.isFinite(value) ? value : null;
}

/** Encodes a position as opaque text that callers send back. */
export const encodeCursor = ({ value, id }: CursorPosition): string => `${encodeValue(value)}.${inText(id)}`;

/** Decodes a cursor from a caller. Every text in the documented format is a position. Throws AppError `bad-request` for any other. */
export function decodeCursor(cursor: string): CursorPosition {
  if (!CURSOR.test(cursor)) throw new AppError('bad-request', 'Invalid cursor. Start from the first page.');
  const [value = '', id = ''] = cursor.split('.');
  return { value: decodeValue(value), id: fromText(id) };
}
