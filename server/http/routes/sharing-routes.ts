import * as contracts from '@switchyard/shared/contracts/sharing.ts';
import { exportWorkflow } from '../../services/sharing/export-workflow.ts';
import { importWorkflow } from '../../services/sharing/import-workflow.ts';
import { getShare, getShared, shareWorkflow, unshareWorkflow, useShared } from '../../services/sharing/share-workflow.ts';
import { type Api, FileReply } from '../register.ts';

/** Workflows as links and as files. */
export function sharingRoutes(api: Api): void {
  api.register(contracts.exportWorkflow, async ({ context, params, query }) => {
    const { filename, text } = await exportWorkflow(context, params.id, query.version);
    return new FileReply(filename, text);
  });
  api.register(contracts.importWorkflow, ({ context, body }) => importWorkflow(context, body));
  api.register(contracts.getShare, ({ context, params }) => getShare(context, params.id));
  api.register(contracts.shareWorkflow, ({ context, params, body }) => shareWorkflow(context, params.id, body?.shows));
  api.register(contracts.unshareWorkflow, ({ context, params }) => unshareWorkflow(context, params.id));
  api.registerOpen(contracts.getShared, ({ installation, params }) => getShared(installation, params.token));
  api.register(contracts.useShared, async ({ context, params, body }) => {
    const { workflow, notes } = await useShared(context, params.token, body?.name);
    return { ...workflow, notes };
  });
}
