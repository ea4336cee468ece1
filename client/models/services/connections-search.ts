const OUTCOMES = ['done', 'failed', 'expired'] as const;

/** What the Connections page shows. */
export interface ConnectionsSearch {
  /** The selected connection. */
  readonly id?: string;
  /** The service to add a connection for, or `any`. */
  readonly add?: string;
  /** How a sign-in ended, on return from the service. */
  readonly signIn?: (typeof OUTCOMES)[number];
}

const short = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' && value.length <= 100 ? value : undefined);

/** Reads the URL; ignores invalid values. */
export function readConnectionsSearch(raw: Record<string, unknown>): ConnectionsSearch {
  const id = short(raw.id);
  const add = short(raw.add);
  const signIn = OUTCOMES.find((known) => known === raw.signIn);
  return { ...(id && { id }), ...(add && { add }), ...(signIn && { signIn }) };
}
