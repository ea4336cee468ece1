import { signalId } from '@switchyard/shared/run/address.ts';
import type { RunState } from '@switchyard/shared/run/state.ts';
import type { AcceptedRun, EnginePorts } from './ports.ts';

/* Wakes waiting runs when something of theirs is due. The times are in the journal; this only remembers when to look. */

export interface Timers {
  /** Replaces the timer of a run; null takes it off. */
  arm(runId: string, wakeAt: string | null): void;
  /** Turns what is due into signals: who inserts first has decided (S17). */
  fireDue(run: AcceptedRun, state: RunState): Promise<void>;
  stop(): void;
}

export function createTimers(ports: EnginePorts, wake: (runId: string) => void): Timers {
  const armed = new Map<string, () => void>();
  let stopped = false;
  return {
    arm: (runId, wakeAt) => {
      armed.get(runId)?.();
      armed.delete(runId);
      if (wakeAt === null || stopped) return;
      const stop = ports.setTimer(Date.parse(wakeAt), () => {
        armed.delete(runId);
        wake(runId);
      });
      armed.set(runId, stop);
    },
    fireDue: async (run, state) => {
      const now = new Date(ports.now()).toISOString();
      for (const { status, wait } of state.steps.values()) {
        if (status !== 'waiting' || !wait || !('dueAt' in wait) || !wait.dueAt || wait.dueAt > now) continue;
        await ports.insertSignal(run, {
          id: signalId(run.runId, wait.id),
          runId: run.runId,
          kind: 'timer',
          waitId: wait.id,
          value: null,
          actor: { kind: 'system', id: 'timer' },
        });
      }
    },
    stop: () => {
      stopped = true;
      for (const stop of armed.values()) stop();
      armed.clear();
    },
  };
}
