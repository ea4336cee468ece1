import { isSamePrompt, type PromptRef, type ResolvedPrompt } from '@switchyard/shared/model/prompt-ref.ts';
import { parseAddress } from '@switchyard/shared/run/address.ts';
import type { Pin, Pins } from '@switchyard/shared/run/pin.ts';
import type { RunState } from '@switchyard/shared/run/state.ts';
import { visibleState } from './decide.ts';
import type { DriverOptions } from './drive.ts';
import type { NewEvent } from './journal-writer.ts';
import type { CrashEvidence } from './ownership.ts';
import type { Plans } from './plans.ts';
import type { AcceptedRun, EnginePorts } from './ports.ts';
import { CRASH_LIMIT, crashesOf, crashFailure, type RunBeginning, runStarted } from './recovery/crashes.ts';
import { entry, reusedSteps } from './rerun.ts';
import { openDesk } from './stand-ins/desk.ts';
import { errorData } from './steps/failure.ts';
import { summaryOf } from './summary.ts';

export interface DriverStart {
  readonly ports: EnginePorts;
  readonly plans: Plans;
  readonly run: AcceptedRun;
  readonly state: RunState;
  /** The process that drove the run before died. */
  readonly crash: CrashEvidence | undefined;
}

/** Prepares a driver: the plan, the status in the run's record, and the events to record first. */
export async function startDriving(start: DriverStart): Promise<Pick<DriverOptions, 'plan' | 'shownStatus' | 'opening' | 'desk'>> {
  const { ports, plans, run, state, crash } = start;
  const crashes = crashesOf(state, crash);
  // Its graph isn't read either.
  if (crashes >= CRASH_LIMIT) return { plan: plans.none, shownStatus: state.status, opening: [...beginning(start, crashes, {}), ...crashFailure(state)] };
  const compiled = await plans.load(run);
  const plan = compiled.ok ? compiled.plan : plans.none;
  const visible = visibleState(plan, state, new Map());
  const begun = state.seq === 0 ? { prompts: await promptsOf(start, plan.prompts), pins: await pinsOf(start) } : {};
  const opening = await openingOf(start, visible, crashes, begun);
  const failing: NewEvent[] = compiled.ok ? [] : [{ type: 'run-failing', error: errorData(compiled.error, { nodeKey: '', stepId: '' }) }];
  const desk = await openDesk(ports, run, state);
  return { plan, shownStatus: visible.status, opening: [...opening, ...failing], ...(desk && { desk }) };
}

/** The start of a new run, or the change of driver (S15). A waiting run needs neither (S19). */
async function openingOf(start: DriverStart, visible: RunState, crashes: number, begun: RunBeginning): Promise<NewEvent[]> {
  const { ports, plans, run } = start;
  // A crash may have come between its last event and the update of its record, or the record already named another owner.
  if (visible.status === 'waiting' || (ports.ownership.shared && visible.seq > 0)) await ports.summarize(run, summaryOf(visible));
  if (visible.status === 'waiting') return [];
  const opening = beginning(start, crashes, begun);
  return start.state.seq === 0 && run.rerun ? [...opening, ...(await reusedSteps(ports, plans, run, run.rerun))] : opening;
}

/** The prompts of a new run, resolved once: it uses these versions however long it waits (S52). */
async function promptsOf({ ports, run }: DriverStart, refs: readonly PromptRef[]): Promise<readonly ResolvedPrompt[]> {
  if (refs.length === 0) return [];
  const recorded = run.prompts ?? [];
  const current = refs.filter((ref) => !recorded.some((known) => isSamePrompt(known, ref)));
  const resolved = current.length > 0 ? await ports.resolvePrompts(run, current) : [];
  return [...recorded.filter((known) => refs.some((ref) => isSamePrompt(known, ref))), ...resolved];
}

/** The pinned outputs of a draft run as they may enter it. The node that a rerun starts from runs. */
async function pinsOf({ ports, run }: DriverStart): Promise<Pins> {
  // A replay shows what the draft would do once it is live.
  if (run.version !== 'draft' || run.standIns) return {};
  const enter = entry(ports, run);
  const from = run.rerun && parseAddress(run.rerun.from);
  const found: Record<string, Pin> = {};
  for (const [key, { output, port }] of Object.entries(await ports.loadPins(run))) {
    if (from?.kind !== 'step' || from.nodeKey !== key) found[key] = { port, output: await ports.offload(run, await enter(output)) };
  }
  return found;
}

function beginning({ ports, run, state, crash }: DriverStart, crashes: number, begun: RunBeginning): NewEvent[] {
  const { processId } = ports.ownership;
  if (state.seq === 0 && crashes === 0) return [{ ...runStarted(run, begun), ...(crash && { processId }) }];
  const changed: NewEvent = { type: 'driver-changed', epoch: Math.max(state.epoch, 1) + 1, crashes, processId };
  return state.seq === 0 ? [runStarted(run, begun), changed] : [changed];
}

/** Cleans up after an ended run that was woken: its record may be behind its journal, and signals may have arrived too late. */
export async function tidyUp(ports: EnginePorts, run: AcceptedRun, state: RunState): Promise<void> {
  await ports.summarize(run, summaryOf(state));
  const late = await ports.pendingSignals(run);
  if (late.length > 0)
    await ports.markMoved(
      run,
      late.map((signal) => signal.id),
    );
}
