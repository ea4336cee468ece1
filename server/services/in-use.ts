import { AppError } from '@switchyard/shared/errors.ts';

const MAX_NAMES = 5;

/** `“a”, “b”`, with the number of names beyond the first five. */
export function quotedNames(names: readonly string[]): string {
  const shown = names.slice(0, MAX_NAMES).map((name) => `“${name}”`);
  const more = names.length - shown.length;
  return `${shown.join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}

/** The rejection of a deletion, because something still uses the object. */
export const inUse = (message: string, details: Record<string, unknown> = {}): AppError => new AppError('in-use', message, { details });
