import { promptRefOf } from '@switchyard/shared/model/prompt-ref.ts';
import { promptNumberOf, usePrompts, usePromptVersion } from '../../api/queries.ts';
import { useForm } from '../form-context.tsx';

/** The prompt version that this node refers to, by its label’s current version. */
export function useChosenVersion() {
  const { params } = useForm();
  const prompts = usePrompts();
  const ref = promptRefOf(params);
  const number = promptNumberOf(prompts.data ?? [], ref);
  return { ref, version: usePromptVersion(ref?.name ?? '', number ?? 0, ref !== undefined && number !== undefined) };
}
