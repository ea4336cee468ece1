import { z } from 'zod';
import { actorSchema } from '../../run/actor.ts';
import { contract, moment, pageOf, pageQuery } from '../contract.ts';
import { reason, reasonBody } from '../prompts.ts';

/** Checked when a run starts, and at each of its calls. */
export const RUN_SCOPES = ['workspace', 'workflow', 'version', 'tenant'] as const;
/** Checked only at calls. */
export const CALL_SCOPES = ['route', 'model', 'connection'] as const;
const SCOPES = [...RUN_SCOPES, ...CALL_SCOPES] as const;
export type KillScopeKind = (typeof SCOPES)[number];

/** What a kill switch stops (S64). */
export const KILL_MODES = ['refuse', 'drain', 'abort'] as const;
export type KillMode = (typeof KILL_MODES)[number];

export const isCallScope = (kind: KillScopeKind): boolean => CALL_SCOPES.some((one) => one === kind);

export const killSwitchSchema = z.object({
  id: z.string(),
  /** `name` is the name of the workflow or connection when the switch was set, and otherwise the ID. */
  scope: z.object({ kind: z.enum(SCOPES), id: z.string(), name: z.string() }),
  mode: z.enum(KILL_MODES),
  reason: z.string().nullable(),
  createdAt: moment,
  actor: actorSchema,
  /** What it has done so far, up to a second ago. */
  refusedRuns: z.number(),
  refusedCalls: z.number(),
  /** Progress of canceling runs. Null unless the mode is `abort`. */
  abort: z
    .object({
      /** Runs it has canceled. */
      asked: z.number(),
      /** Runs in scope that have not ended yet. */
      left: z.number(),
      endedAt: moment.nullable(),
    })
    .nullable(),
});
export type KillSwitch = z.infer<typeof killSwitchSchema>;

const scope = z.strictObject({
  kind: z.enum(SCOPES),
  /** The ID of a workflow or connection, `<workflowId>:<number>`, the name of a route, the name of a model in routes, or the value of the label `tenant`. */
  id: z.string().min(1).max(300).optional(),
});

const tag = 'Kill switches';

export const listKillSwitches = contract({
  id: 'listKillSwitches',
  method: 'GET',
  path: '/api/kill-switches',
  scope: 'read',
  tag,
  summary: 'List the kill switches in force, newest first',
  query: z.strictObject({ ...pageQuery }),
  reply: pageOf(killSwitchSchema),
});
export const createKillSwitch = contract({
  id: 'createKillSwitch',
  method: 'POST',
  path: '/api/kill-switches',
  scope: 'edit',
  tag,
  summary: 'Stop runs or calls; 200 if the same switch is already in force',
  body: z.strictObject({ scope, mode: z.enum(KILL_MODES), reason }).superRefine((body, issues) => {
    const { kind, id } = body.scope;
    if (id === undefined && kind !== 'workspace') issues.addIssue({ code: 'custom', path: ['scope', 'id'], message: 'is required' });
    if (isCallScope(kind) && body.mode !== 'refuse')
      issues.addIssue({ code: 'custom', path: ['mode'], message: `must be refuse for a ${kind}, which is checked only at calls` });
  }),
  reply: killSwitchSchema,
  statuses: [201, 200],
  errors: ['bad-request', 'not-found'],
});
/** The most open runs that one response looks at. */
export const MOST_COUNTED_RUNS = 5_000;
export const countOpenRuns = contract({
  id: 'countOpenRuns',
  method: 'GET',
  path: '/api/kill-switches/open-runs',
  scope: 'read',
  tag,
  summary: 'Count the open runs that a kill switch in mode `abort` would cancel',
  query: z.strictObject({ kind: z.enum(RUN_SCOPES), id: z.string().min(1).max(300).optional() }).superRefine(({ kind, id }, issues) => {
    if (id === undefined && kind !== 'workspace') issues.addIssue({ code: 'custom', path: ['id'], message: 'is required' });
  }),
  /** `complete` is false if there are more open runs than one response looks at. */
  reply: z.object({ runs: z.number(), complete: z.boolean() }),
  errors: ['bad-request'],
});
export const deleteKillSwitch = contract({
  id: 'deleteKillSwitch',
  method: 'DELETE',
  path: '/api/kill-switches/:id',
  scope: 'edit',
  tag,
  summary: 'Undo a kill switch; runs that it canceled stay canceled',
  params: z.strictObject({ id: z.string() }),
  query: z.strictObject({ reason }),
  body: reasonBody,
  reply: killSwitchSchema,
  errors: ['not-found'],
});
