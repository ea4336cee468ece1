import * as pinContracts from '@switchyard/shared/contracts/building/pins.ts';
import { tryCode as tryContract } from '@switchyard/shared/contracts/code.ts';
import * as contracts from '@switchyard/shared/contracts/workflows.ts';
import type { TryCode } from '../../services/code/try-code.ts';
import type { Installation } from '../../services/context.ts';
import { createActivity } from '../../services/workflows/activity.ts';
import { deleteWorkflow, describeWorkflow, pauseWorkflow, resumeWorkflow, undeleteWorkflow } from '../../services/workflows/change-workflow.ts';
import { createWorkflow } from '../../services/workflows/create-workflow.ts';
import { createDraftFacts } from '../../services/workflows/draft-facts.ts';
import { duplicateWorkflow } from '../../services/workflows/duplicate-workflow.ts';
import { listWorkflows } from '../../services/workflows/list-workflows.ts';
import { deletePin, listPins, putPin } from '../../services/workflows/pins.ts';
import { publish } from '../../services/workflows/publish.ts';
import { checkWorkflow, saveDraft } from '../../services/workflows/save-draft.ts';
import { listWorkflowTags } from '../../services/workflows/tags.ts';
import { getVersion, listVersions, restoreVersion } from '../../services/workflows/versions.ts';
import { getWorkflowRecord, workflowView } from '../../services/workflows/workflow-record.ts';
import { Answer, type Api } from '../register.ts';

/** Workflows, their drafts and versions. */
export const workflowRoutes = ({ catalog, now }: Pick<Installation, 'catalog' | 'now'>, tryCode: TryCode) => {
  const parts = { factsOf: createDraftFacts(catalog), activityOf: createActivity(now) };
  return (api: Api): void => {
    api.register(contracts.createWorkflow, ({ context, body }) => createWorkflow(context, body));
    api.register(contracts.listWorkflows, ({ context, query }) => listWorkflows(context, parts, query));
    api.register(contracts.listWorkflowTags, ({ context }) => listWorkflowTags(context));
    api.register(contracts.getWorkflow, async ({ context, params }) => workflowView(await getWorkflowRecord(context, params.id)));
    api.register(contracts.updateWorkflow, ({ context, params, body }) => describeWorkflow(context, params.id, body));
    api.register(contracts.duplicateWorkflow, ({ context, params, body }) => duplicateWorkflow(context, params.id, body?.name));
    api.register(contracts.deleteWorkflow, ({ context, params }) => deleteWorkflow(context, params.id));
    api.register(contracts.undeleteWorkflow, ({ context, params }) => undeleteWorkflow(context, params.id));
    api.register(contracts.saveDraft, ({ context, params, body }) => saveDraft(context, params.id, body));
    api.register(contracts.checkWorkflow, ({ context, params, body }) => checkWorkflow(context, params.id, body?.graph));
    api.register(pinContracts.listPins, ({ context, params }) => listPins(context, params.id));
    api.register(pinContracts.putPin, ({ context, params, body }) => putPin(context, params, body));
    api.register(pinContracts.deletePin, ({ context, params }) => deletePin(context, params));
    api.register(contracts.publishWorkflow, async ({ context, params, body }) => {
      const version = await publish(context, params.id, body);
      return new Answer(version.checking ? 202 : 201, version);
    });
    api.register(tryContract, ({ context, params, body, signal }) => tryCode(context, params.id, body, signal));
    api.register(contracts.listVersions, ({ context, params, query }) => listVersions(context, params.id, query));
    api.register(contracts.getVersion, ({ context, params }) => getVersion(context, params.id, params.number));
    api.register(contracts.restoreVersion, ({ context, params }) => restoreVersion(context, params.id, params.number));
    api.register(contracts.pauseWorkflow, ({ context, params, body }) => pauseWorkflow(context, params.id, body?.reason));
    api.register(contracts.resumeWorkflow, ({ context, params }) => resumeWorkflow(context, params.id));
  };
};
