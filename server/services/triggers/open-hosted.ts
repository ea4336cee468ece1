import { AppError } from '@switchyard/shared/errors.ts';
import type { Graph } from '@switchyard/shared/graph/graph.ts';
import { type TriggerRecord, triggers } from '../../store/triggers/trigger-collections.ts';
import { triggerCaller } from '../caller.ts';
import type { Installation, ServiceContext } from '../context.ts';
import { openCapability } from '../directory.ts';
import { liveVersionOf } from '../workflows/live-version.ts';
import { versionGraph } from '../workflows/versions.ts';
import { getWorkflowRecord } from '../workflows/workflow-record.ts';

/* Pages of triggers are capabilities: anyone with their URL can use them, without signing in. */

export interface OpenPage {
  readonly context: ServiceContext;
  readonly trigger: TriggerRecord;
}

type HostedKind = 'form' | 'chat';

const PAUSED_RETRY_MS = 60_000;

const gone = (what: HostedKind) => new AppError('not-found', `This ${what} doesn’t exist, or is closed.`);

/** The page of a token, if it is turned on. Throws `not-found`. */
export async function openHosted(installation: Installation, what: HostedKind, token: string): Promise<OpenPage> {
  const callerOf = ({ workspaceId, id }: TriggerRecord) => triggerCaller(workspaceId, id);
  const opened = await openCapability(installation, { collection: triggers, field: 'token', token, callerOf });
  if (opened?.record.kind !== what || !opened.record.enabled) throw gone(what);
  return { context: opened.context, trigger: opened.record };
}

/** The live version of its workflow. Throws `not-found`, `not-published`, and `paused`, in words for visitors. */
export async function hostedGraph({ context, trigger }: OpenPage, what: HostedKind): Promise<Graph> {
  const workflow = await getWorkflowRecord(context, trigger.workflowId).catch(() => {
    throw gone(what);
  });
  if (workflow.paused) throw new AppError('paused', `This ${what} is paused. Try again later.`, { retryAfterMs: PAUSED_RETRY_MS });
  const version = liveVersionOf(workflow);
  if (version === null) throw new AppError('not-published', `This ${what} isn’t open yet.`);
  return (await versionGraph(context, workflow.id, version)).graph;
}
