import * as contracts from '@switchyard/shared/contracts/templates.ts';
import type { Express } from 'express';
import type { ServiceContext } from '../../services/context.ts';
import { saveTemplate, setTemplateDeleted } from '../../services/sharing/own-templates.ts';
import { deleteTemplate, type Gallery, getTemplate, listTemplates, useTemplate } from '../../services/sharing/templates.ts';
import { register } from '../register.ts';

/** The gallery: shipped workflows, and those that were saved as templates here. */
export function templateRoutes(context: ServiceContext, gallery: Gallery): (app: Express) => void {
  return (app) => {
    register(app, contracts.listTemplates, ({ query }) => listTemplates(context, gallery, query));
    register(app, contracts.getTemplate, ({ params }) => getTemplate(context, gallery, params.slug));
    register(app, contracts.useTemplate, ({ params, body }) => useTemplate(context, gallery, params.slug, body?.name));
    register(app, contracts.saveTemplate, ({ body }) => saveTemplate(context, body, (slug) => gallery.has(slug)));
    register(app, contracts.deleteTemplate, ({ params }) => deleteTemplate(context, gallery, params.slug));
    register(app, contracts.undeleteTemplate, ({ params }) => setTemplateDeleted(context, params.slug, null));
  };
}
