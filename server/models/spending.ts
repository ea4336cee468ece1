import type { SpendLimit } from '@switchyard/shared/evaluation/stand-ins.ts';
import type { Usage } from '@switchyard/shared/run/events.ts';
import type { CallPlace } from '../engine/ports.ts';
import type { CallPurpose } from './chat-port.ts';
import type { OwnPrice, TokenPrice } from './price.ts';

/* Money, as chat-service.ts needs it. Implemented by services/money/. Without it, calls use the built-in prices. */

/** The properties of a model call that budgets match. */
export interface SpendingCall {
  readonly workspaceId: string;
  readonly route: string;
  /** Undefined before the route is known. */
  readonly routeVersion?: number;
  readonly place: CallPlace | undefined;
  /** What a call outside a run is for. */
  readonly purpose?: CallPurpose | undefined;
  readonly limit?: SpendLimit | undefined;
}

/** One attempt that is about to be made. */
export interface SpendingAttempt extends SpendingCall {
  readonly model: string;
  /** Undefined for a model without a price. */
  readonly price: TokenPrice | undefined;
  /** Upper bounds for the tokens of the request and its answer. */
  readonly tokens: { readonly input: number; readonly output: number };
  readonly signal: AbortSignal;
}

/** Money that is set aside for an attempt. */
export interface Reservation {
  /** The attempt is over. `usage` is undefined if nothing was spent. */
  settle(spent: Usage | undefined): Promise<void>;
}

/** The cheaper route that a budget prescribes. */
export interface Degradation {
  /** The budget. */
  readonly by: string;
  readonly from: string;
  readonly to: string;
}

/** A finished call, for the usage. */
export interface SpentCall extends SpendingCall {
  readonly at: Date;
  readonly prompt: string | null;
  readonly model: string;
  readonly connection: string;
  readonly usage: Usage;
  /** Null if a model without a price took part. */
  readonly costMicros: number | null;
  /** Then the cost of the models with a price, if there is any. */
  readonly knownMicros?: number;
  /** The code of the error that ended it. */
  readonly error: string | null;
  /** The target that answered, or else the last one that was tried. */
  readonly target: { readonly connectionId: string; readonly model: string };
  /** Why the target before it failed: an error code. */
  readonly fallbackReason: string | null;
  readonly attempts: number;
  readonly latencyMs: number;
}

export interface Spending {
  prices(workspaceId: string): Promise<readonly OwnPrice[]>;
  degradation(call: SpendingCall): Promise<Degradation | undefined>;
  /** Throws `budget-exceeded`, or `stopped` for the limit of the call. Waits if only open reservations prevent the call: up to 2 s, for a limit longer. */
  reserve(attempt: SpendingAttempt): Promise<Reservation>;
  /** Never throws. */
  note(call: SpentCall): void;
}

const FREE: Reservation = { settle: async () => {} };

/** No budgets, and only built-in prices. */
export const NO_SPENDING: Spending = { prices: async () => [], degradation: async () => undefined, reserve: async () => FREE, note: () => {} };
