import { ActionIcon, Button, Select } from '@mantine/core';
import { isPlainObject } from '@switchyard/shared/json.ts';
import { type DeclaredVariables, declaredVariables } from '@switchyard/shared/model/declared-variables.ts';
import type { PromptMessage } from '@switchyard/shared/model/prompt.ts';
import { IconArrowUp, IconPlus, IconX } from '@tabler/icons-react';
import { useMemo } from 'react';
import { readable } from '../../expressions/completions.ts';
import { templateProblems } from '../../expressions/text/template-variables.ts';
import { TextEditor } from '../../expressions/text-editor.tsx';
import { ROLE_LABELS } from '../parts/role-labels.ts';
import styles from './messages.module.css';

interface Props {
  readonly messages: readonly PromptMessage[];
  readonly variables: unknown;
  readonly set: ((messages: readonly PromptMessage[]) => void) | undefined;
}

const ROLES = Object.entries(ROLE_LABELS).map(([value, label]) => ({ value, label }));

/** The messages of a prompt or a variant, in the order in which they are sent. */
export function MessageList({ messages, variables, set }: Props) {
  const suggestions = useMemo(() => readable(isPlainObject(variables) ? variables : {}, undefined), [variables]);
  const declared = useMemo(() => declaredVariables(variables), [variables]);
  const put = (index: number, message: PromptMessage) => set?.(messages.map((other, at) => (at === index ? message : other)));
  return (
    <>
      {messages.map((message, index) => (
        <Message
          // biome-ignore lint/suspicious/noArrayIndexKey: messages have no identity other than their position
          key={index}
          message={message}
          number={index + 1}
          declared={declared}
          suggestions={() => suggestions}
          change={set && ((next) => put(index, next))}
          moveUp={set && index > 0 ? () => set(movedUp(messages, index)) : undefined}
          remove={set && messages.length > 1 ? () => set(messages.filter((_, at) => at !== index)) : undefined}
        />
      ))}
      {set && (
        <Button
          className={styles.add ?? ''}
          variant="subtle"
          leftSection={<IconPlus size={16} stroke={1.7} />}
          disabled={messages.length >= 50}
          onClick={() => set([...messages, { role: 'user', content: '' }])}
        >
          Add message
        </Button>
      )}
      <p className={styles.note}>Values of variables are passed as data, never read as templates.</p>
    </>
  );
}

const movedUp = (messages: readonly PromptMessage[], index: number): readonly PromptMessage[] => {
  const rest = messages.filter((_, at) => at !== index);
  return [...rest.slice(0, index - 1), ...messages.slice(index, index + 1), ...rest.slice(index - 1)];
};

interface MessageProps {
  readonly message: PromptMessage;
  /** Counts from 1. */
  readonly number: number;
  readonly declared: DeclaredVariables;
  readonly suggestions: () => ReturnType<typeof readable>;
  readonly change: ((message: PromptMessage) => void) | undefined;
  readonly moveUp: (() => void) | undefined;
  readonly remove: (() => void) | undefined;
}

function Message({ message, number, declared, suggestions, change, moveUp, remove }: MessageProps) {
  const problems = useMemo(() => templateProblems(message.content, declared), [message.content, declared]);
  const name = `${ROLE_LABELS[message.role]} message ${number}`;
  return (
    <div className={styles.message}>
      <div className={styles.messageHead}>
        {change ? (
          <Select
            className={styles.role ?? ''}
            size="xs"
            aria-label={`Role of message ${number}`}
            data={ROLES}
            value={message.role}
            onChange={(role) => change({ ...message, role: role as PromptMessage['role'] })}
          />
        ) : (
          <span className={styles.roleName}>{ROLE_LABELS[message.role]}</span>
        )}
        <span className={styles.tools}>
          {moveUp && (
            <ActionIcon size={24} aria-label={`Move ${name} up`} onClick={moveUp}>
              <IconArrowUp size={14} />
            </ActionIcon>
          )}
          {remove && (
            <ActionIcon size={24} aria-label={`Remove ${name}`} onClick={remove}>
              <IconX size={14} />
            </ActionIcon>
          )}
        </span>
      </div>
      <TextEditor
        kind="template"
        label={name}
        value={message.content}
        onChange={(content) => change?.({ ...message, content })}
        readOnly={!change}
        minHeight={90}
        suggestions={suggestions}
        diagnostics={problems}
        placeholder="Text with {{ variables }}"
      />
      {problems.map((problem) => (
        <p key={`${problem.from} ${problem.message}`} className={styles.problem} data-severity={problem.severity}>
          {problem.message}
        </p>
      ))}
    </div>
  );
}
