import * as contracts from '@switchyard/shared/contracts/workflows.ts';
import type { Express } from 'express';
import type { ServiceContext } from '../../services/context.ts';
import { createActivity } from '../../services/workflows/activity.ts';
import { deleteWorkflow, describeWorkflow, pauseWorkflow, resumeWorkflow, undeleteWorkflow } from '../../services/workflows/change-workflow.ts';
import { createWorkflow } from '../../services/workflows/create-workflow.ts';
import { createDraftFacts } from '../../services/workflows/draft-facts.ts';
import { listWorkflows } from '../../services/workflows/list-workflows.ts';
import { publish } from '../../services/workflows/publish.ts';
import { checkWorkflow, saveDraft } from '../../services/workflows/save-draft.ts';
import { getVersion, listVersions, restoreVersion } from '../../services/workflows/versions.ts';
import { getWorkflowRecord, workflowView } from '../../services/workflows/workflow-record.ts';
import { register } from '../register.ts';

/** Workflows, their drafts and versions. */
export function workflowRoutes(context: ServiceContext): (app: Express) => void {
  const parts = { factsOf: createDraftFacts(context.catalog), activityOf: createActivity(context.store, context.now) };
  return (app) => {
    register(app, contracts.createWorkflow, ({ body }) => createWorkflow(context, body));
    register(app, contracts.listWorkflows, ({ query }) => listWorkflows(context, parts, query));
    register(app, contracts.getWorkflow, async ({ params }) => workflowView(await getWorkflowRecord(context, params.id)));
    register(app, contracts.updateWorkflow, ({ params, body }) => describeWorkflow(context, params.id, body));
    register(app, contracts.deleteWorkflow, ({ params }) => deleteWorkflow(context, params.id));
    register(app, contracts.undeleteWorkflow, ({ params }) => undeleteWorkflow(context, params.id));
    register(app, contracts.saveDraft, ({ params, body }) => saveDraft(context, params.id, body));
    register(app, contracts.checkWorkflow, ({ params, body }) => checkWorkflow(context, params.id, body?.graph));
    register(app, contracts.publishWorkflow, ({ params, body }) => publish(context, params.id, body?.note));
    register(app, contracts.listVersions, ({ params, query }) => listVersions(context, params.id, query));
    register(app, contracts.getVersion, ({ params }) => getVersion(context, params.id, params.number));
    register(app, contracts.restoreVersion, ({ params }) => restoreVersion(context, params.id, params.number));
    register(app, contracts.pauseWorkflow, ({ params, body }) => pauseWorkflow(context, params.id, body?.reason));
    register(app, contracts.resumeWorkflow, ({ params }) => resumeWorkflow(context, params.id));
  };
}
