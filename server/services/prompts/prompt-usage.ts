import type { PromptWithVersions } from '@switchyard/shared/contracts/prompts.ts';
import { type PromptRef, promptRefOf, promptRefText } from '@switchyard/shared/model/prompt-ref.ts';
import type { WorkspaceStore } from '../../store/port.ts';
import { workflowsUsing } from '../workflows/workflows-using.ts';

/** The workflows whose draft or released version names a prompt, with their references to it. */
export async function promptUsage(
  store: WorkspaceStore,
  name: string,
  matches: (ref: PromptRef) => boolean = () => true,
): Promise<PromptWithVersions['usedBy']> {
  const found = await workflowsUsing(store, ({ data }) => {
    const ref = promptRefOf(data.params);
    return ref?.name === name && matches(ref) ? [promptRefText(ref)] : [];
  });
  return found.map(({ uses, ...workflow }) => ({ ...workflow, references: [...new Set(uses)] }));
}
