/** The names an expression can use (design §3), as plain JSON. */
export interface ScopeData {
  readonly trigger: unknown;
  readonly input: unknown;
  /** Outputs of this round by key; a key is absent until its step has finished (S8). */
  readonly steps: Readonly<Record<string, unknown>>;
  /** Outputs of the previous round, by key. */
  readonly previous: Readonly<Record<string, unknown>>;
  readonly round: number;
  readonly vars: Readonly<Record<string, unknown>>;
  readonly run: unknown;
  /** Only where a run’s version is chosen (S83). */
  readonly labels?: unknown;
  /** Inside a for-each. */
  readonly item?: unknown;
  readonly index?: number;
}

export const SCOPE_NAMES = ['trigger', 'input', 'steps', 'previous', 'round', 'vars', 'run', 'item', 'index'] as const;
export type ScopeName = (typeof SCOPE_NAMES)[number];
