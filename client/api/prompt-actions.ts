import type { BodyOf, QueryOf, ReplyOf } from '@switchyard/shared/contracts/contract.ts';
import { importPrompts } from '@switchyard/shared/contracts/prompt-files.ts';
import {
  createPrompt,
  createPromptVersion,
  deletePrompt,
  deletePromptLabel,
  movePromptLabel,
  type PromptVersion,
  restorePromptVersion,
} from '@switchyard/shared/contracts/prompts.ts';
import { type QueryClient, useMutation, useQueryClient } from '@tanstack/react-query';
import { showDone, showFailure, showUndo } from '../ui/toast.tsx';
import { call } from './call.ts';
import { keys } from './keys.ts';

const refresh = (client: QueryClient, name: string) =>
  Promise.all([client.invalidateQueries({ queryKey: keys.prompts }), client.invalidateQueries({ queryKey: keys.prompt(name), exact: true })]);

/** Caches a new version before the prompt is refetched, so the page never shows the previous one. */
const showVersion = (client: QueryClient, name: string, version: PromptVersion) => {
  client.setQueryData(keys.promptVersion(name, version.number), version);
  return refresh(client, name);
};

export type ImportedPrompts = ReplyOf<typeof importPrompts>;

export function useImportPrompts() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: unknown) => call(importPrompts, { body }),
    onSuccess: () => Promise.all([keys.prompts, keys.anyPrompt].map((queryKey) => client.invalidateQueries({ queryKey }))),
  });
}

export function useCreatePrompt() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: BodyOf<typeof createPrompt>) => call(createPrompt, { body }),
    onSuccess: ({ name }) => refresh(client, name),
  });
}

export function useSavePromptVersion(name: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: BodyOf<typeof createPromptVersion>) => call(createPromptVersion, { params: { name }, body }),
    onSuccess: (version) => showVersion(client, name, version),
  });
}

export function useRestorePromptVersion(name: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (number: number) => call(restorePromptVersion, { params: { name, number } }),
    onSuccess: async (version, number) => {
      await showVersion(client, name, version);
      showDone(`Version ${number} restored as version ${version.number}`);
    },
    onError: (thrown, number) => showFailure(`Couldn’t restore version ${number}`, thrown),
  });
}

export function useMovePromptLabel(name: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ label, ...body }: { label: string; version: number; reason?: string }) => call(movePromptLabel, { params: { name, label }, body }),
    onSuccess: () => refresh(client, name),
  });
}

/** Points a label back to the version that it pointed to before. A label that was new is removed. */
export function useUndoPromotion(name: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ label, from, version }: { label: string; from: number | undefined; version: number }) => {
      const reason = `Undid the promotion of version ${version}`;
      return from === undefined
        ? call(deletePromptLabel, { params: { name, label }, query: { reason } })
        : call(movePromptLabel, { params: { name, label }, body: { version: from, reason } });
    },
    onSuccess: (_, { label, from }) => {
      showDone(from === undefined ? `Label “${label}” removed` : `“${label}” points to version ${from} again`);
      return refresh(client, name);
    },
    onError: (thrown, { label, from }) =>
      showFailure(from === undefined ? `Couldn’t remove label “${label}”` : `Couldn’t point “${label}” back to version ${from}`, thrown),
  });
}

export function useDeletePromptLabel(name: string) {
  const client = useQueryClient();
  const restore = (label: string, version: number) =>
    call(movePromptLabel, { params: { name, label }, body: { version, reason: 'Restored after it was removed' } })
      .catch((thrown: unknown) => showFailure(`Couldn’t restore label “${label}”`, thrown))
      .then(() => refresh(client, name));
  return useMutation({
    mutationFn: ({ label }: { label: string; version: number }) => call(deletePromptLabel, { params: { name, label } }),
    onSuccess: (_, { label, version }) => {
      showUndo(`Label “${label}” removed`, () => void restore(label, version));
      return refresh(client, name);
    },
    onError: (thrown, { label }) => showFailure(`Couldn’t remove label “${label}”`, thrown),
  });
}

export function useDeletePrompt(name: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (query: QueryOf<typeof deletePrompt>) => call(deletePrompt, { params: { name }, query }),
    onSuccess: () => {
      // A new prompt may get the same name, with other versions.
      client.removeQueries({ queryKey: keys.prompt(name) });
      showDone(`Prompt “${name}” deleted`);
      return client.invalidateQueries({ queryKey: keys.prompts });
    },
  });
}
