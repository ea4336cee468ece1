import type { Prompt } from '@switchyard/shared/contracts/prompts.ts';
import { promptRefOf } from '@switchyard/shared/model/prompt-ref.ts';
import { usePrompts, usePromptVersion } from '../../api/queries.ts';
import { useForm } from '../form-context.tsx';

/** The version number that a reference currently resolves to. */
const numberOf = (prompts: readonly Prompt[], ref: ReturnType<typeof promptRefOf>): number | undefined =>
  ref?.version ?? prompts.find(({ name }) => name === ref?.name)?.labels.find(({ label }) => label === ref?.label)?.version;

/** The prompt version that this node refers to, by its label’s current version. */
export function useChosenVersion() {
  const { params } = useForm();
  const prompts = usePrompts();
  const ref = promptRefOf(params);
  const number = numberOf(prompts.data ?? [], ref);
  return { ref, version: usePromptVersion(ref?.name ?? '', number ?? 0, ref !== undefined && number !== undefined) };
}
