/** The output that a draft run takes for a node instead of running it (S78). */
export interface Pin {
  readonly output: unknown;
  /** The branch it takes. Null if all are. */
  readonly port: string | null;
}

/** By node key. */
export type Pins = Readonly<Record<string, Pin>>;
