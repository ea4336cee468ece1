import { type KillSwitch, RUN_SCOPES } from '@switchyard/shared/contracts/controls/kill-switches.ts';
import { AppError } from '@switchyard/shared/errors.ts';
import type { CallTarget } from '../../models/chat-port.ts';

/* What a kill switch covers (S64). */

/** A run, or the run that a call belongs to. */
export interface RunPlace {
  readonly workflowId: string;
  readonly version: 'draft' | number;
  readonly labels: Readonly<Record<string, string>>;
}

export type KillScope = Pick<KillSwitch['scope'], 'kind' | 'id'>;

export const isRunScope = ({ kind }: KillScope): boolean => RUN_SCOPES.some((one) => one === kind);

export function coversRun({ kind, id }: KillScope, { workflowId, version, labels }: RunPlace): boolean {
  switch (kind) {
    case 'workspace':
      return true;
    case 'workflow':
      return id === workflowId;
    case 'version':
      return id === `${workflowId}:${version}`;
    case 'tenant':
      return labels.tenant === id;
    default:
      return false;
  }
}

export function coversCall(scope: KillScope, { run, route, model, connectionId }: CallTarget): boolean {
  switch (scope.kind) {
    case 'workspace':
      return true;
    case 'route':
      return scope.id === route;
    case 'model':
      return scope.id === model;
    case 'connection':
      return scope.id === connectionId;
    default:
      return run !== undefined && coversRun(scope, run);
  }
}

const SCOPE_NAMES = {
  workspace: () => 'this workspace',
  workflow: () => 'this workflow',
  version: ({ id }) => `version ${id.slice(id.lastIndexOf(':') + 1)} of this workflow`,
  tenant: ({ name }) => `the tenant “${name}”`,
  route: ({ name }) => `the route “${name}”`,
  model: ({ name }) => `the model “${name}”`,
  connection: ({ name }) => `the connection “${name}”`,
} as const satisfies Record<KillScope['kind'], (scope: KillSwitch['scope']) => string>;

const RETRY_MS = 60_000;

/** The error for what a kill switch stops. */
export function killed(what: 'New runs' | 'Calls', { id, scope, reason }: Pick<KillSwitch, 'id' | 'scope' | 'reason'>): AppError {
  const why = reason === null || reason === '' ? '' : `: ${reason}`;
  const message = `${what} are stopped by a kill switch on ${SCOPE_NAMES[scope.kind](scope)}${why}`;
  return new AppError('killed', /[.!?]$/.test(message) ? message : `${message}.`, {
    retryAfterMs: RETRY_MS,
    beforeEffect: true,
    details: { killSwitchId: id, scope: scope.kind },
  });
}
