/** How one call fails. */
export type Fault =
  /** Returns this status, and `retry-after` in seconds. */
  | { readonly kind: 'status'; readonly status: number; readonly retryAfter?: number; readonly message?: string }
  /** Accepts the request and never responds. */
  | { readonly kind: 'hang' }
  /** Waits before each word. */
  | { readonly kind: 'slow'; readonly delayMs: number }
  /** Starts to stream and closes the socket after this many words. */
  | { readonly kind: 'cut'; readonly afterWords?: number; readonly delayMs?: number }
  /** Status 200 and invalid JSON. */
  | { readonly kind: 'malformed' }
  | { readonly kind: 'empty' }
  /** Text that makes no sense and matches no schema. */
  | { readonly kind: 'nonsense' };

export const rateLimited = (retryAfter = 1): Fault => ({ kind: 'status', status: 429, retryAfter });
export const overloaded: Fault = { kind: 'status', status: 529 };
export const broken: Fault = { kind: 'status', status: 500 };
export const NONSENSE = 'Seven lamps never, the } kettle because.';
