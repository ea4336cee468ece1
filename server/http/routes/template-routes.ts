import * as contracts from '@switchyard/shared/contracts/templates.ts';
import type { Express } from 'express';
import type { ServiceContext } from '../../services/context.ts';
import { type Gallery, getTemplate, listTemplates, useTemplate } from '../../services/templates.ts';
import { register } from '../register.ts';

/** The gallery of shipped workflows. */
export function templateRoutes(context: ServiceContext, gallery: Gallery): (app: Express) => void {
  return (app) => {
    register(app, contracts.listTemplates, ({ query }) => listTemplates(gallery, query));
    register(app, contracts.getTemplate, ({ params }) => getTemplate(gallery, params.slug));
    register(app, contracts.useTemplate, ({ params, body }) => useTemplate(context, gallery, params.slug, body?.name));
  };
}
