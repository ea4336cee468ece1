/** What goes wrong with one call. */
export type Fault =
  /** Answers with this status, and `retry-after` in seconds. */
  | { readonly kind: 'status'; readonly status: number; readonly retryAfter?: number; readonly message?: string }
  /** Takes the request and never answers. */
  | { readonly kind: 'hang' }
  /** Waits before each word. */
  | { readonly kind: 'slow'; readonly delayMs: number }
  /** Begins to stream and closes the socket after this many words. */
  | { readonly kind: 'cut'; readonly afterWords?: number }
  /** Status 200 and JSON that is none. */
  | { readonly kind: 'malformed' }
  | { readonly kind: 'empty' }
  /** Words that answer nothing and fit no schema. */
  | { readonly kind: 'nonsense' };

export const rateLimited = (retryAfter = 1): Fault => ({ kind: 'status', status: 429, retryAfter });
export const overloaded: Fault = { kind: 'status', status: 529 };
export const broken: Fault = { kind: 'status', status: 500 };
export const NONSENSE = 'Seven lamps never, the } kettle because.';
