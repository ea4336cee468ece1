import type { PromptWithVersions } from '@switchyard/shared/contracts/prompts.ts';
import { useDeletePrompt } from '../../api/prompt-actions.ts';
import { DeleteDialog } from '../../frame/reasons/delete-dialog.tsx';
import { UsedBy } from './used-by.tsx';

interface Props {
  readonly prompt: PromptWithVersions;
  readonly onClose: () => void;
  readonly onDeleted: () => void;
}

/** Confirms deleting a prompt, or explains why it can’t be deleted. */
export function DeletePrompt({ prompt, onClose, onDeleted }: Props) {
  const { name, usedBy } = prompt;
  const remove = useDeletePrompt(name);
  return (
    <DeleteDialog
      name={name}
      action="Delete prompt"
      isUsed={usedBy.length > 0}
      isBusy={remove.isPending}
      error={remove.error}
      onDelete={(query) => remove.mutate(query, { onSuccess: onDeleted })}
      onClose={onClose}
    >
      {usedBy.length > 0 ? (
        <>
          <p>These workflows use it in their draft or live version. Choose another prompt in them first.</p>
          <UsedBy usedBy={usedBy} />
        </>
      ) : (
        <p>No workflow uses it. Runs that used it keep their text.</p>
      )}
    </DeleteDialog>
  );
}
