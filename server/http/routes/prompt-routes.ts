import { exportPrompts as exportContract, importPrompts as importContract } from '@switchyard/shared/contracts/prompt-files.ts';
import { listPromptSamples } from '@switchyard/shared/contracts/prompt-samples.ts';
import { tryPrompt as tryContract } from '@switchyard/shared/contracts/prompt-tries.ts';
import * as contracts from '@switchyard/shared/contracts/prompts.ts';
import type { Log } from '../../log.ts';
import { exportPrompts, importPrompts } from '../../services/prompts/prompt-file.ts';
import type { TryPrompt } from '../../services/prompts/prompt-tries.ts';
import { getPromptVersion } from '../../services/prompts/prompt-versions.ts';
import * as prompts from '../../services/prompts/prompts.ts';
import { promptSamples } from '../../services/prompts/samples/prompt-samples.ts';
import type { Gallery } from '../../services/sharing/templates.ts';
import { type Api, EventStream, FileReply, reasonIn } from '../register.ts';
import { streamTry } from '../stream-try.ts';

/** The prompt registry, and its playground. */
export const promptRoutes =
  (tryPrompt: TryPrompt, gallery: Gallery, log: Log) =>
  (api: Api): void => {
    api.register(
      tryContract,
      async ({ context, params, body, signal }) =>
        new EventStream((response) => streamTry(response, (listener) => tryPrompt(context, params.name, body, { signal, ...listener }), log)),
    );
    api.register(exportContract, async ({ context }) => new FileReply('prompts.switchyard.json', await exportPrompts(context)));
    api.register(importContract, ({ context, query, body }) => importPrompts(context, body, query.reason));
    api.register(listPromptSamples, ({ context, params }) => promptSamples(context, gallery, params.name));
    api.register(contracts.listPrompts, ({ context, query }) => prompts.listPrompts(context, query));
    api.register(contracts.createPrompt, ({ context, body }) => prompts.createPrompt(context, body));
    api.register(contracts.getPrompt, ({ context, params }) => prompts.getPrompt(context, params.name));
    api.register(contracts.deletePrompt, ({ context, params, ...given }) => prompts.deletePrompt(context, params.name, reasonIn(given)));
    api.register(contracts.createPromptVersion, ({ context, params, body }) => prompts.createPromptVersion(context, params.name, body));
    api.register(contracts.getPromptVersion, ({ context, params }) => getPromptVersion(context, params.name, params.number));
    api.register(contracts.restorePromptVersion, ({ context, params, body }) =>
      prompts.restorePromptVersion(context, params.name, params.number, body?.reason),
    );
    api.register(contracts.movePromptLabel, ({ context, params, body }) => prompts.movePromptLabel(context, params.name, params.label, body));
    api.register(contracts.deletePromptLabel, ({ context, params, ...given }) =>
      prompts.deletePromptLabel(context, params.name, params.label, reasonIn(given)),
    );
  };
