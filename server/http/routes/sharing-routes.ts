import * as contracts from '@switchyard/shared/contracts/sharing.ts';
import type { Express } from 'express';
import type { ServiceContext } from '../../services/context.ts';
import { exportWorkflow } from '../../services/sharing/export-workflow.ts';
import { importWorkflow } from '../../services/sharing/import-workflow.ts';
import { getShare, getShared, shareWorkflow, unshareWorkflow, useShared } from '../../services/sharing/share-workflow.ts';
import { FileReply, register } from '../register.ts';

/** Workflows as links and as files. */
export function sharingRoutes(context: ServiceContext): (app: Express) => void {
  return (app) => {
    register(app, contracts.exportWorkflow, async ({ params, query }) => {
      const { filename, text } = await exportWorkflow(context, params.id, query.version);
      return new FileReply(filename, text);
    });
    register(app, contracts.importWorkflow, ({ body }) => importWorkflow(context, body));
    register(app, contracts.getShare, ({ params }) => getShare(context, params.id));
    register(app, contracts.shareWorkflow, ({ params, body }) => shareWorkflow(context, params.id, body?.shows));
    register(app, contracts.unshareWorkflow, ({ params }) => unshareWorkflow(context, params.id));
    register(app, contracts.getShared, ({ params }) => getShared(context, params.token));
    register(app, contracts.useShared, ({ params, body }) => useShared(context, params.token, body?.name));
  };
}
