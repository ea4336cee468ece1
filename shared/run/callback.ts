import { isPlainObject } from '../json.ts';

/** The body of a callback as its signal stores it: as text, since a database may limit how deep a value is nested. */
export const storedCallback = (body: unknown) => ({ json: JSON.stringify(body ?? null) });

/** The body of a callback. */
export const readCallback = (stored: unknown): unknown => (isPlainObject(stored) && typeof stored.json === 'string' ? JSON.parse(stored.json) : null);
