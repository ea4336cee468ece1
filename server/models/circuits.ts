import type { ErrorCode } from '@switchyard/shared/errors.ts';

/*
 * Circuits of models (S57): one per connection and model, in this process. A circuit opens after 5 failures in a row, or when half of at
 * least 20 calls within 30 s failed. While it is open, no calls are made. After 30 s, one trial decides whether it closes.
 */

const IN_A_ROW = 5;
const WINDOW_MS = 30_000;
const LEAST_CALLS = 20;
const OPEN_MS = 30_000;
/** Circuits of models that are no longer called are dropped. */
const MOST = 2_000;

/** Failures that say something about the provider, not about the request. */
const COUNTED: ReadonlySet<ErrorCode> = new Set(['provider-rate-limited', 'provider-overloaded', 'provider-unavailable', 'provider-timeout', 'provider-auth']);

const MOST_RECENT = 200;

interface Circuit {
  inARow: number;
  /** Calls within the window: when, and whether they failed. */
  recent: { readonly at: number; readonly failed: boolean }[];
  openedAt: number | undefined;
  trying: boolean;
}

export interface CircuitState {
  readonly state: 'closed' | 'open' | 'half-open';
  /** Milliseconds until the next trial. */
  readonly retryInMs: number;
}

export interface Circuits {
  /** Whether a call may be made. If true, `succeeded` or `failed` must follow. */
  enter(connectionId: string, model: string): boolean;
  succeeded(connectionId: string, model: string): void;
  /** A failure of the request itself counts as a response. */
  failed(connectionId: string, model: string, code: ErrorCode): void;
  /** The caller gave up: the outcome isn’t counted. */
  left(connectionId: string, model: string): void;
  stateOf(connectionId: string, model: string): CircuitState;
}

const isHalfFailed = (recent: Circuit['recent']): boolean => recent.length >= LEAST_CALLS && recent.filter(({ failed }) => failed).length * 2 >= recent.length;

export function createCircuits(elapsed: () => number): Circuits {
  const circuits = new Map<string, Circuit>();
  const keyOf = (connectionId: string, model: string): string => `${connectionId} ${model}`;
  const get = (key: string): Circuit => {
    const circuit = circuits.get(key) ?? { inARow: 0, recent: [], openedAt: undefined, trying: false };
    if (!circuits.has(key) && circuits.size >= MOST) circuits.delete(circuits.keys().next().value ?? '');
    circuits.set(key, circuit);
    return circuit;
  };
  const isDue = ({ openedAt }: Circuit): boolean => openedAt !== undefined && elapsed() - openedAt >= OPEN_MS;

  const note = (circuit: Circuit, failed: boolean): void => {
    const at = elapsed();
    const { recent } = circuit;
    recent.push({ at, failed });
    // Updated in place: copying would take most of a call’s time here.
    while (recent.length > MOST_RECENT || (recent[0] && at - recent[0].at >= WINDOW_MS)) recent.shift();
    circuit.inARow = failed ? circuit.inARow + 1 : 0;
    if (circuit.trying || (circuit.openedAt === undefined && failed && (circuit.inARow >= IN_A_ROW || isHalfFailed(recent)))) {
      circuit.openedAt = failed ? at : undefined;
      if (!failed) circuit.recent = [];
    }
    circuit.trying = false;
  };

  return {
    enter: (connectionId, model) => {
      const circuit = circuits.get(keyOf(connectionId, model));
      if (circuit?.openedAt === undefined) return true;
      if (!isDue(circuit) || circuit.trying) return false;
      circuit.trying = true;
      return true;
    },
    succeeded: (connectionId, model) => note(get(keyOf(connectionId, model)), false),
    failed: (connectionId, model, code) => note(get(keyOf(connectionId, model)), COUNTED.has(code)),
    left: (connectionId, model) => {
      const circuit = circuits.get(keyOf(connectionId, model));
      if (circuit) circuit.trying = false;
    },
    stateOf: (connectionId, model) => {
      const circuit = circuits.get(keyOf(connectionId, model));
      if (circuit?.openedAt === undefined) return { state: 'closed', retryInMs: 0 };
      return { state: isDue(circuit) ? 'half-open' : 'open', retryInMs: Math.max(0, OPEN_MS - (elapsed() - circuit.openedAt)) };
    },
  };
}
