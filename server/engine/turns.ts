/** How long-running work shares the event loop. */
export interface Turns {
  /** Whether long work has used up its share of this turn of the event loop. The first question in a turn starts the count. */
  isOver(): boolean;
  /** Resolves in a later turn, first come, first served. */
  next(): Promise<void>;
}

/** Runs work that pauses often. Other work gets a turn whenever this one is over. */
export async function inTurns<T>(work: Generator<void, T>, turns: Turns): Promise<T> {
  for (;;) {
    if (turns.isOver()) await turns.next();
    const part = work.next();
    if (part.done) return part.value;
  }
}
