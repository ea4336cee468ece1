import { isCallScope, type KillMode, type KillScopeKind, type KillSwitch } from '@switchyard/shared/contracts/controls/kill-switches.ts';
import { formatNumber } from '../ui/format.ts';

export const SCOPE_LABELS: Readonly<Record<KillScopeKind, string>> = {
  workspace: 'Workspace',
  workflow: 'Workflow',
  version: 'Version',
  tenant: 'Tenant',
  route: 'Route',
  model: 'Model',
  connection: 'Connection',
};

interface ModeLabels {
  readonly label: string;
  /** One line beside the button. */
  readonly short: string;
  /** Shown before the switch is set. */
  readonly help: string;
  readonly state: string;
}
const MODES: Readonly<Record<KillMode, ModeLabels>> = {
  refuse: {
    label: 'Block new runs',
    short: 'Calls in progress finish.',
    state: 'rejects new runs',
    help: 'New runs get 503. Calls in progress finish, the next ones fail, and waiting runs keep waiting.',
  },
  drain: {
    label: 'Finish open runs, then stop',
    short: 'Accepted runs continue.',
    state: 'finishes open runs, then stops',
    help: 'New runs get 503. Accepted runs continue to their end.',
  },
  abort: {
    label: 'Cancel all runs',
    short: 'Running and waiting runs end.',
    state: 'cancels all runs',
    help: 'New runs get 503. Running and waiting runs are canceled, and stay canceled after an undo.',
  },
};

/** Switches on a route, a model, or a connection block calls, not runs. */
const BLOCKED_CALLS: ModeLabels = {
  label: 'Block new calls',
  short: 'Routes use their next target.',
  help: 'New calls are rejected. A route uses its next target. If there is none, the step fails.',
  state: 'rejects new calls',
};

/** What a switch with this scope and mode is called, and does. */
export const modeLabels = (kind: KillScopeKind, mode: KillMode): ModeLabels => (isCallScope(kind) ? BLOCKED_CALLS : MODES[mode]);

/** For example `Tenant “globex” rejects new runs`. */
export const killTitle = ({ scope, mode }: Pick<KillSwitch, 'scope' | 'mode'>): string =>
  `${scope.kind === 'workspace' ? 'The whole workspace' : `${SCOPE_LABELS[scope.kind]} “${scope.name}”`} ${modeLabels(scope.kind, mode).state}`;

const counted = (count: number, one: string, many = `${one}s`): string => `${formatNumber(count)} ${count === 1 ? one : many}`;

/** How many runs a switch would cancel: “14 runs are open now and would be canceled.” */
export function openRunsText({ runs, complete }: { readonly runs: number; readonly complete: boolean }): string {
  if (!complete) return runs === 0 ? 'There are too many open runs to count.' : `More than ${formatNumber(runs)} runs are open now and would be canceled.`;
  if (runs === 0) return 'No runs are open now.';
  return runs === 1 ? '1 run is open now and would be canceled.' : `${formatNumber(runs)} runs are open now and would be canceled.`;
}

/** A switch’s effect to date: “212 new runs and 3 calls rejected. 14 runs canceled.” */
export function killEffect({ refusedRuns, refusedCalls, abort }: Pick<KillSwitch, 'refusedRuns' | 'refusedCalls' | 'abort'>): string {
  const rejected = [refusedRuns > 0 ? counted(refusedRuns, 'new run') : '', refusedCalls > 0 ? counted(refusedCalls, 'call') : ''].filter(
    (part) => part !== '',
  );
  const sentences = [rejected.length > 0 ? `${rejected.join(' and ')} rejected.` : abort ? '' : 'Nothing rejected yet.', abort ? abortProgress(abort) : ''];
  return sentences.filter((sentence) => sentence !== '').join(' ');
}

function abortProgress({ asked, left, endedAt }: NonNullable<KillSwitch['abort']>): string {
  if (endedAt !== null) return `${counted(asked, 'run')} canceled.`;
  if (asked === 0 && left === 0) return 'Looking for open runs.';
  return `Canceling runs: ${formatNumber(Math.max(0, asked - left))} of ${formatNumber(Math.max(asked, left))} done.`;
}

/** Whether the switch stops runs of this workflow. */
export function concernsWorkflow({ scope }: Pick<KillSwitch, 'scope'>, workflowId: string): boolean {
  if (scope.kind === 'version') return scope.id.startsWith(`${workflowId}:`);
  return scope.kind === 'workspace' || (scope.kind === 'workflow' && scope.id === workflowId);
}

/** Whether the switch can reach runs or calls of this workflow: anything but a switch on another workflow. */
export const mayAffectWorkflow = (one: Pick<KillSwitch, 'scope'>, workflowId: string): boolean =>
  (one.scope.kind !== 'workflow' && one.scope.kind !== 'version') || concernsWorkflow(one, workflowId);
