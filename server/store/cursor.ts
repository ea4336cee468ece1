import { AppError } from '@switchyard/shared/errors.ts';
import type { Scalar } from './port.ts';

/** Where a page of results ended: the last record's value in the ordering field, and its id. */
export interface CursorPosition {
  readonly value: Scalar;
  readonly id: string;
}

/** Writes a position as the opaque text that callers hand back. */
export const encodeCursor = (position: CursorPosition): string => Buffer.from(JSON.stringify([position.value, position.id])).toString('base64url');

/** Reads a cursor that came from outside. Throws AppError `bad-request` when it is not one of ours. */
export const decodeCursor = (cursor: string): CursorPosition => {
  const parsed = parse(cursor);
  if (Array.isArray(parsed) && parsed.length === 2) {
    const [value, id]: unknown[] = parsed;
    if (isScalar(value) && typeof id === 'string') return { value, id };
  }
  throw new AppError('bad-request', 'This cursor is not one that a list gave out. Ask for the list from its beginning.');
};

const parse = (cursor: string): unknown => {
  try {
    return JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
  } catch {
    return undefined;
  }
};

const isScalar = (value: unknown): value is Scalar =>
  value === null || typeof value === 'string' || typeof value === 'boolean' || (typeof value === 'number' && Number.isFinite(value));
