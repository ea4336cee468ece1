import { Button, Modal, TextInput } from '@mantine/core';
import { promptName } from '@switchyard/shared/contracts/prompts.ts';
import { isPlainObject } from '@switchyard/shared/json.ts';
import { IconFileImport } from '@tabler/icons-react';
import { useState } from 'react';
import { useCreatePrompt, useMovePromptLabel } from '../../api/prompt-actions.ts';
import { useGraphNode } from '../../open-workflow/editor-store.ts';
import { messageOf } from '../../ui/message-of.ts';
import { showDone, showFailure } from '../../ui/toast.tsx';
import form from '../form.module.css';
import { useForm } from '../form-context.tsx';
import styles from './prompt.module.css';
import { promptNameFrom, type RegistryText, registryText } from './registry-text.ts';

const textOf = (params: unknown, name: string): string => {
  const value = isPlainObject(params) ? params[name] : undefined;
  return typeof value === 'string' ? value : '';
};

/** Offers to create a prompt from the inline text of the node. */
export function MoveToRegistry() {
  const { params, readOnly } = useForm();
  const [isOpen, setOpen] = useState(false);
  const message = textOf(params, 'message');
  const text = message.trim() === '' ? undefined : registryText({ system: textOf(params, 'system'), message });
  if (readOnly || !text) return null;
  return (
    <>
      <Button className={styles.move ?? ''} size="xs" leftSection={<IconFileImport size={14} stroke={1.7} />} onClick={() => setOpen(true)}>
        Move to registry…
      </Button>
      {isOpen && <MoveForm text={text} onClose={() => setOpen(false)} />}
    </>
  );
}

function MoveForm({ text, onClose }: { text: RegistryText; onClose: () => void }) {
  const { nodeId } = useForm();
  const title = useGraphNode(nodeId)?.data.title ?? '';
  const [name, setName] = useState(() => promptNameFrom(title));
  const isValid = promptName.safeParse(name).success;
  const { move, isPending, error } = useMove(text, name, title);
  const names = Object.keys(text.values);
  return (
    <Modal opened onClose={onClose} title="Move text to the registry" size={480}>
      <form
        className={styles.form}
        onSubmit={(event) => {
          event.preventDefault();
          if (isValid) void move().then((done) => done && onClose());
        }}
      >
        <p>
          Creates a prompt with the text of this node and the label “production”. The node then uses the prompt
          {names.length > 0 && `, and its expressions become the ${names.length === 1 ? 'variable' : 'variables'} ${names.join(', ')}`}.
        </p>
        <TextInput
          label="Name"
          value={name}
          maxLength={60}
          data-autofocus
          error={isValid ? undefined : 'Use lowercase letters, digits, and -'}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        {error !== null && (
          <p className={form.problem} role="alert">
            {messageOf(error)}
          </p>
        )}
        <div className={styles.foot}>
          <Button onClick={onClose}>Cancel</Button>
          <Button variant="filled" type="submit" loading={isPending} disabled={!isValid}>
            Move to registry
          </Button>
        </div>
      </form>
    </Modal>
  );
}

/** Creates the prompt and its label, then replaces the inline text in one undo step. */
function useMove({ messages, variables, values }: RegistryText, name: string, title: string) {
  const { params, change } = useForm();
  const create = useCreatePrompt();
  const label = useMovePromptLabel(name);
  const move = async (): Promise<boolean> => {
    const note = `Moved from the node “${title}”`.slice(0, 1_000);
    const created = await create
      .mutateAsync({ name, messages, variables, note, ...(isPlainObject(params) && params.markData === true && { markData: true }) })
      .catch(() => undefined);
    if (!created) return false;
    const labeled = await label.mutateAsync({ label: 'production', version: 1, reason: note }).catch((thrown: unknown) => {
      showFailure('Couldn’t create the label “production”', thrown);
      return undefined;
    });
    const { system: _system, message: _message, ...rest } = isPlainObject(params) ? params : {};
    change([], { ...rest, prompt: { name, ...(labeled ? { label: 'production' } : { version: 1 }) }, variables: values });
    showDone(`Prompt “${name}” created`);
    return true;
  };
  return { move, isPending: create.isPending || label.isPending, error: create.error };
}
