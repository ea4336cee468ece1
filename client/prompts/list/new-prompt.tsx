import { Button, Modal, TextInput } from '@mantine/core';
import { promptName } from '@switchyard/shared/contracts/prompts.ts';
import type { PromptMessage } from '@switchyard/shared/model/prompt.ts';
import { useId } from 'react';
import { useCreatePrompt } from '../../api/prompt-actions.ts';
import { usedVariables } from '../../expressions/text/template-variables.ts';
import { TextEditor } from '../../expressions/text-editor.tsx';
import { SendError } from '../../frame/send-error.tsx';
import { useLocalTexts } from '../../ui/use-local-texts.ts';
import styles from './new-prompt.module.css';

interface Props {
  readonly onClose: () => void;
  readonly onCreated: (name: string) => void;
}

/** A schema that declares each variable of the messages as required text. */
const textVariables = (messages: readonly PromptMessage[]) => {
  const names = usedVariables(messages.map(({ content }) => content));
  return {
    type: 'object',
    properties: Object.fromEntries(names.map((name) => [name, { type: 'string' }])),
    ...(names.length > 0 && { required: names }),
  };
};

/** Creates a prompt with its version 1. The texts are kept until it is created. */
export function NewPrompt({ onClose, onCreated }: Props) {
  const { texts, keep, forget } = useLocalTexts('new-prompt');
  const create = useCreatePrompt();
  const { name = '', description = '', system = '', user = '' } = texts;
  const problem = promptName.safeParse(name).success
    ? user.trim() === ''
      ? 'Enter a user message.'
      : undefined
    : 'Use lowercase letters, digits, and -, for example “support-reply”.';
  const submit = () => {
    const messages = [...(system.trim() === '' ? [] : [{ role: 'system' as const, content: system }]), { role: 'user' as const, content: user }];
    create.mutate(
      { name, description: description.trim(), messages, variables: textVariables(messages), markData: true, note: 'First version' },
      {
        onSuccess: () => {
          forget();
          onCreated(name);
        },
      },
    );
  };
  return (
    <Modal opened onClose={onClose} title="New prompt" size={640}>
      <form
        className={styles.form}
        onSubmit={(event) => {
          event.preventDefault();
          if (!problem) submit();
        }}
      >
        <TextInput
          label="Name"
          description="Nodes use this name. It can’t be changed."
          value={name}
          maxLength={60}
          data-autofocus
          onChange={(event) => keep({ name: event.currentTarget.value })}
        />
        <TextInput label="Description (optional)" value={description} maxLength={500} onChange={(event) => keep({ description: event.currentTarget.value })} />
        <MessageField
          label="System prompt (optional)"
          value={system}
          onChange={(text) => keep({ system: text })}
          placeholder="You answer customers of {{ brand }}."
        />
        <MessageField label="User message" value={user} onChange={(text) => keep({ user: text })} placeholder="The customer writes: {{ message }}" />
        <p className={styles.note}>Names in {'{{ }}'} become the variables of the prompt.</p>
        <SendError error={create.error} />
        <div className={styles.foot}>
          <span className={styles.problem}>{problem}</span>
          <Button onClick={onClose}>Cancel</Button>
          <Button variant="filled" type="submit" loading={create.isPending} disabled={problem !== undefined}>
            Create prompt
          </Button>
        </div>
      </form>
    </Modal>
  );
}

function MessageField({ label, value, onChange, placeholder }: { label: string; value: string; onChange: (text: string) => void; placeholder: string }) {
  const id = useId();
  return (
    <div>
      <span id={id} className={styles.label}>
        {label}
      </span>
      <TextEditor kind="template" labelId={id} value={value} onChange={onChange} placeholder={placeholder} readOnly={false} minHeight={64} />
    </div>
  );
}
