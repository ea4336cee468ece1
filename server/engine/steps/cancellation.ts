/** Cancels one execution of a step. */
export interface Cancellation {
  isRequested(): boolean;
  /** The reason, if requested. */
  reason(): unknown;
  request(reason: unknown): void;
  signal(): AbortSignal;
}

/** Creates the AbortSignal when it is first needed: an inline step ends before anything could cancel it. */
export function createCancellation(): Cancellation {
  let made: AbortController | undefined;
  const controller = (): AbortController => {
    made ??= new AbortController();
    return made;
  };
  return {
    isRequested: () => made?.signal.aborted ?? false,
    reason: () => made?.signal.reason as unknown,
    request: (reason) => controller().abort(reason),
    signal: () => controller().signal,
  };
}
