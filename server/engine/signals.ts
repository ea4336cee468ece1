import { isPlainObject } from '@switchyard/shared/json.ts';
import { frameOf, stepOfWait } from '@switchyard/shared/run/address.ts';
import { readCallback } from '@switchyard/shared/run/callback.ts';
import { isFrameOver } from '@switchyard/shared/run/frames.ts';
import { findStep, isEnded, type RunState } from '@switchyard/shared/run/state.ts';
import type { DriverContext } from './driver-context.ts';
import type { AcceptedRun, EnginePorts, Signal } from './ports.ts';

/*
 * Moves external signals into the journal (S17). A signal whose wait has not begun yet is kept until it has, and the signals of a run held
 * by a kill switch or a restore are kept until it is undone or the run is released (S64).
 */

/** Signals were already acknowledged to their sender, so a failed read is retried. */
const RETRY_MS = 1_000;

export interface SignalMover {
  /** Reads pending signals and applies them; the driver decides again afterwards. */
  read(): void;
  apply(): void;
  busy(): boolean;
}

export function createSignalMover(driver: DriverContext): SignalMover {
  const { ports, run, writer } = driver;
  let pending: Signal[] = [];
  /** Values of signals that were read before and have not been moved yet: reading that of a child run takes its whole journal. */
  const known = new Map<string, Promise<Signal>>();
  /** In the journal, and about to be marked as moved. */
  const moving = new Set<string>();
  let reading = false;
  let again = false;

  const apply = (): void => {
    const moved = pending.filter((signal) => applySignal(driver, signal));
    if (moved.length === 0) return;
    pending = pending.filter((signal) => !moved.includes(signal));
    const ids = moved.map((signal) => signal.id);
    for (const id of ids) {
      known.delete(id);
      moving.add(id);
    }
    writer
      .commit()
      .then(() => ports.markMoved(run, ids))
      .catch((error) => ports.report('Marking signals as moved failed', { runId: run.runId, error }))
      .finally(() => {
        for (const id of ids) moving.delete(id);
      });
  };

  const withValue = (signal: Signal): Promise<Signal> => {
    const value = known.get(signal.id) ?? offloaded(driver, signal);
    known.set(signal.id, value);
    value.catch(() => known.delete(signal.id));
    return value;
  };

  const continueReading = (): void => {
    reading = false;
    if (again) read();
    else driver.advance();
  };

  const read = (): void => {
    again = reading;
    if (reading) return;
    reading = true;
    ports
      .pendingSignals(run)
      .then((found) => Promise.all(found.filter(({ id, kind }) => !moving.has(id) && (kind === 'cancel' || !(run.held || ports.isHeld(run)))).map(withValue)))
      .then((found) => {
        pending = found;
        apply();
      })
      .then(continueReading, (error) => {
        ports.report('Reading signals failed; retrying', { runId: run.runId, error });
        again = true;
        ports.after(RETRY_MS, continueReading);
      });
  };

  return { read, apply, busy: () => reading };
}

/** The signal as the journal stores it: a large value becomes a reference. */
async function offloaded({ ports, run }: DriverContext, signal: Signal): Promise<Signal> {
  if (signal.kind === 'cancel') return signal;
  return { ...signal, value: await ports.offload(run, await endOf(ports, run, signal)) };
}

/** What a signal ends its wait with. */
async function endOf(ports: EnginePorts, run: AcceptedRun, signal: Signal): Promise<unknown> {
  if (signal.kind === 'run') return outcomeOfChild(ports, run, signal);
  return signal.kind === 'callback' ? readCallback(signal.value) : signal.value;
}

/** How the child run ended that this signal tells of. It enters this run like everything from outside (S65). */
async function outcomeOfChild(ports: EnginePorts, run: AcceptedRun, { value }: Signal): Promise<unknown> {
  const outcome = await ports.childOutcome(run, isPlainObject(value) ? String(value.runId) : '');
  return run.policy === undefined ? outcome : (await ports.redact(run, outcome)).value;
}

/** True if the signal is in the journal now, or never will be. */
function applySignal({ state, writer }: DriverContext, signal: Signal): boolean {
  if (isEnded(state.status)) return true;
  const { actor, value } = signal;
  if (signal.kind === 'cancel') {
    const reason = isPlainObject(value) && typeof value.reason === 'string' && { reason: value.reason };
    if (!state.cancelling) writer.record({ type: 'cancel-requested', actor, ...reason });
    return true;
  }
  const { waitId, kind } = signal;
  if (waitId === null) return true;
  const step = findStep(state, stepOfWait(waitId) ?? '');
  if (step?.wait?.id !== waitId) return isOver(state, waitId);
  writer.record({ type: 'wait-ended', stepId: step.id, waitId, by: kind, value, actor });
  return true;
}

/** The step of this wait has ended, so it will not wait again. */
function isOver(state: RunState, waitId: string): boolean {
  const id = stepOfWait(waitId) ?? '';
  const step = findStep(state, id);
  if (step) return step.status !== 'running' && step.status !== 'waiting';
  const frame = frameOf(id);
  return frame !== undefined && isFrameOver(state, frame);
}
