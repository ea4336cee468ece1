import type { ConnectionLimits } from '@switchyard/shared/contracts/models.ts';
import type { RouteTarget } from '@switchyard/shared/contracts/routes.ts';
import type { ChatRequest } from '@switchyard/shared/model/chat.ts';
import type { CallAttempt, LeftOutTarget, ModelCallRecord, ModelFallback, Usage } from '@switchyard/shared/run/events.ts';
import type { OwnPrice, TokenPrice } from '../price.ts';
import type { ModelProvider, ProviderAnswer, ProviderRequest } from '../provider.ts';
import type { Degradation, Spending, SpendingCall, SpentCall } from '../spending.ts';
import type { CallMemory } from './call-memory.ts';
import type { OpenCall } from './open-calls.ts';

export interface ProviderAccess {
  readonly provider: ModelProvider;
  /** Name of the connection, as users see it. */
  readonly connection: string;
  /** Kind of the connection. */
  readonly kind: string;
  readonly limits: ConnectionLimits;
}

/** The time that a target has for all its attempts. Its clock starts when the first one is sent (S55). */
export interface TimeLimit {
  /** Aborts with the caller’s signal, or when the time is up. */
  readonly signal: AbortSignal;
  /** Starts the clock, once. */
  start(): void;
  msLeft(): number;
}

/** Shared by all attempts of one call. */
export interface Call {
  readonly request: ChatRequest;
  readonly signal: AbortSignal;
  readonly now: () => number;
  readonly startedAt: number;
  readonly route: {
    readonly name: string;
    readonly version: number;
    readonly targets: readonly RouteTarget[];
    /** Why the sticky key had no value. */
    readonly stickyFault?: string;
  };
  readonly degraded: Degradation | undefined;
  readonly attempts: CallAttempt[];
  /** Targets that their condition left out. */
  readonly leftOut: LeftOutTarget[];
  readonly memory: CallMemory;
  /** Shows where the call is. */
  readonly open: OpenCall;
  /** Lifetime of cached answers. Undefined if this call isn’t cached. */
  readonly cacheTtlMs: number | undefined;
  readonly fallbackWarningMs: number | null;
  readonly spending: Spending;
  readonly spent: SpendingCall;
  readonly prices: readonly OwnPrice[];
  /** Resolves once the call may be sent. */
  readonly recorded: Promise<void>;
  /** Reservations of its attempts that are being settled. */
  readonly settling: Promise<void>[];
  usage: Usage;
  cost: number;
  /** At least one call had no known price. */
  unpriced: boolean;
  /** What a token of the last answer cost, in micro-dollars. */
  price: TokenPrice | undefined;
  firstTokenMs: number | undefined;
  /** Text of an attempt was passed on. */
  shown: boolean;
  /** Shown text can’t be taken back: a failure after it ends the call (S59). */
  readonly textIsFinal: boolean;
  onDelta(text: string): void;
  /** The text starts again. */
  onRestart(): void;
  /** The next target is tried. */
  onFallback(fallback: ModelFallback): void;
  /** All targets failed: the record of the call. */
  onFailed(record: ModelCallRecord): void;
  /** The target being tried, and why the one before it failed. */
  trying: Pick<SpentCall, 'target' | 'fallbackReason'> | undefined;
  /** The last request, and its target. */
  lastAsked: Pick<Asked, 'access' | 'request' | 'target'> | undefined;
  /** Rejects with `killed` if a kill switch stops calls to this target. */
  admit(target: RouteTarget): Promise<void>;
}

export interface Asked {
  readonly target: RouteTarget;
  readonly access: ProviderAccess;
  readonly request: ProviderRequest;
  /** Another target would be called next. */
  readonly hasNext: boolean;
  readonly limit: TimeLimit;
  /** Text of this target has been shown. */
  streamed: boolean;
}

export interface Fitting {
  /** The answer is that of an earlier call (S61). */
  readonly cached?: boolean;
  /** The request that was answered. */
  readonly request: ProviderRequest;
  readonly answer: ProviderAnswer;
  readonly value?: unknown;
}
