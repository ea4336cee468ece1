import { Button, Modal } from '@mantine/core';
import type { PromptWithVersions } from '@switchyard/shared/contracts/prompts.ts';
import { useDeletePrompt } from '../../api/prompt-actions.ts';
import { SendError } from '../../frame/send-error.tsx';
import styles from './delete-prompt.module.css';
import { UsedBy } from './used-by.tsx';

interface Props {
  readonly prompt: PromptWithVersions;
  readonly onClose: () => void;
  readonly onDeleted: () => void;
}

/** Confirms deleting a prompt, or explains why it can’t be deleted. */
export function DeletePrompt({ prompt, onClose, onDeleted }: Props) {
  const remove = useDeletePrompt(prompt.name);
  const isUsed = prompt.usedBy.length > 0;
  return (
    <Modal opened onClose={onClose} size={460} title={isUsed ? `“${prompt.name}” is in use` : `Delete “${prompt.name}”?`}>
      <div className={styles.form}>
        {isUsed ? (
          <>
            <p>These workflows use it in their draft or live version. Choose another prompt in them first.</p>
            <UsedBy usedBy={prompt.usedBy} />
          </>
        ) : (
          <p>No workflow uses it. Runs that used it keep their text.</p>
        )}
        <SendError error={remove.error} />
        <div className={styles.foot}>
          <Button onClick={onClose} data-autofocus>
            {isUsed ? 'Close' : 'Cancel'}
          </Button>
          {!isUsed && (
            <Button color="red" variant="filled" loading={remove.isPending} onClick={() => remove.mutate(undefined, { onSuccess: onDeleted })}>
              Delete prompt
            </Button>
          )}
        </div>
      </div>
    </Modal>
  );
}
