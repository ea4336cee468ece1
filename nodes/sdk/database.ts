/* What a node asks a database, and gets. The secret of the connection is added in the egress. */

export interface DatabaseRequest {
  readonly connectionId: string;
  /** In the language of the database. Parameters are `$1`, `$2`, … in it, and bound as values. */
  readonly statement: string;
  readonly parameters: readonly unknown[];
  /** The server must reject changes. */
  readonly readOnly: boolean;
  readonly maxRows: number;
  readonly maxBytes: number;
  readonly timeoutMs: number;
}

/** Always of one shape. */
export interface DatabaseAnswer {
  /** The reply of Redis. Null for others. */
  readonly value: unknown;
  readonly rows: readonly unknown[];
  /** Rows that were returned or changed. */
  readonly count: number;
  /** There were more rows, or more bytes, than the limits. */
  readonly truncated: boolean;
}
