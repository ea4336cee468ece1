import type { RunState } from '@switchyard/shared/run/state.ts';
import type { NewEvent } from './journal-writer.ts';
import type { Plans } from './plans.ts';
import type { AcceptedRun, EnginePorts } from './ports.ts';
import { reusedSteps } from './rerun.ts';
import { summaryOf } from './summary.ts';

/** What a driver records first: the start of a new run, or that the run has another driver now (S15). A waiting run needs neither (S19). */
export async function openingOf(ports: EnginePorts, plans: Plans, run: AcceptedRun, state: RunState): Promise<NewEvent[]> {
  if (state.status === 'waiting') {
    // A crash may have come between its last event and its row.
    await ports.summarize(run, summaryOf(state));
    return [];
  }
  if (state.seq > 0) return [{ type: 'driver-changed', epoch: state.epoch + 1 }];
  const { workflowId, version, labels, graphHash, actor } = run;
  const started: NewEvent = { type: 'run-started', workflowId, version, trigger: run.trigger.kind, labels, graphHash, actor };
  return [started, ...(run.rerun ? await reusedSteps(ports, plans, run, run.rerun) : [])];
}

/** An ended run that was woken: its row may lag behind its journal, and signals may have come too late. */
export async function tidyUp(ports: EnginePorts, run: AcceptedRun, state: RunState): Promise<void> {
  await ports.summarize(run, summaryOf(state));
  const late = await ports.pendingSignals(run);
  if (late.length > 0)
    await ports.markMoved(
      run,
      late.map((signal) => signal.id),
    );
}
