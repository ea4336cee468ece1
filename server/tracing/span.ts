/** A finished span, as the exporter gets it. Times are in ms since 1970. */
export interface Span {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId: string | undefined;
  readonly name: string;
  /** `client`: a request to the outside. `server`: it answers one. */
  readonly kind: 'internal' | 'client' | 'server';
  readonly startedAt: number;
  readonly endedAt: number;
  /** Why it failed: an error code. */
  readonly error?: string | undefined;
  readonly attributes: Attributes;
}

export type Attributes = Readonly<Record<string, string | number | boolean | readonly string[]>>;
