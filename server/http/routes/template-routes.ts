import * as contracts from '@switchyard/shared/contracts/templates.ts';
import { saveTemplate, setTemplateDeleted } from '../../services/sharing/own-templates.ts';
import { deleteTemplate, type Gallery, getTemplate, listTemplates, useTemplate } from '../../services/sharing/templates.ts';
import type { Api } from '../register.ts';

/** Templates: those shipped, and those saved here. */
export const templateRoutes =
  (gallery: Gallery) =>
  (api: Api): void => {
    api.register(contracts.listTemplates, ({ context, query }) => listTemplates(context, gallery, query));
    api.register(contracts.getTemplate, ({ context, params }) => getTemplate(context, gallery, params.slug));
    api.register(contracts.useTemplate, async ({ context, params, body }) => {
      const { workflow, notes } = await useTemplate(context, gallery, params.slug, body?.name);
      return { ...workflow, notes };
    });
    api.register(contracts.saveTemplate, ({ context, body }) => saveTemplate(context, body, (slug) => gallery.has(slug)));
    api.register(contracts.deleteTemplate, ({ context, params }) => deleteTemplate(context, gallery, params.slug));
    api.register(contracts.undeleteTemplate, ({ context, params }) => setTemplateDeleted(context, params.slug, null));
  };
