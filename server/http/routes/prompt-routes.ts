import * as contracts from '@switchyard/shared/contracts/prompts.ts';
import { getPromptVersion } from '../../services/prompts/prompt-versions.ts';
import * as prompts from '../../services/prompts/prompts.ts';
import type { Api } from '../register.ts';

/** The prompt registry. */
export const promptRoutes = (api: Api): void => {
  api.register(contracts.listPrompts, ({ context, query }) => prompts.listPrompts(context, query));
  api.register(contracts.createPrompt, ({ context, body }) => prompts.createPrompt(context, body));
  api.register(contracts.getPrompt, ({ context, params }) => prompts.getPrompt(context, params.name));
  api.register(contracts.deletePrompt, ({ context, params, query }) => prompts.deletePrompt(context, params.name, query.reason));
  api.register(contracts.createPromptVersion, ({ context, params, body }) => prompts.createPromptVersion(context, params.name, body));
  api.register(contracts.getPromptVersion, ({ context, params }) => getPromptVersion(context, params.name, params.number));
  api.register(contracts.restorePromptVersion, ({ context, params, body }) => prompts.restorePromptVersion(context, params.name, params.number, body?.reason));
  api.register(contracts.movePromptLabel, ({ context, params, body }) => prompts.movePromptLabel(context, params.name, params.label, body));
  api.register(contracts.deletePromptLabel, ({ context, params, query }) => prompts.deletePromptLabel(context, params.name, params.label, query.reason));
};
