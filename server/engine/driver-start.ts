import type { RunState } from '@switchyard/shared/run/state.ts';
import { shownState } from './decide.ts';
import type { DriverOptions } from './drive.ts';
import { errorData } from './failure.ts';
import type { NewEvent } from './journal-writer.ts';
import type { Plans } from './plans.ts';
import type { AcceptedRun, EnginePorts } from './ports.ts';
import { reusedSteps } from './rerun.ts';
import { summaryOf } from './summary.ts';

/** What a driver begins with: the plan, what the row of the run shows, and what it records first. */
export async function startDriving(
  ports: EnginePorts,
  plans: Plans,
  run: AcceptedRun,
  state: RunState,
): Promise<Pick<DriverOptions, 'plan' | 'shownStatus' | 'opening'>> {
  const compiled = await plans.load(run);
  const plan = compiled.ok ? compiled.plan : plans.none;
  const seen = shownState(plan, state, new Map());
  const opening = await openingOf(ports, plans, run, seen);
  const failing: NewEvent[] = compiled.ok ? [] : [{ type: 'run-failing', error: errorData(compiled.error, { nodeKey: '', stepId: '' }) }];
  return { plan, shownStatus: seen.status, opening: [...opening, ...failing] };
}

/** The start of a new run, or that the run has another driver now (S15). A waiting run needs neither (S19). */
async function openingOf(ports: EnginePorts, plans: Plans, run: AcceptedRun, state: RunState): Promise<NewEvent[]> {
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
