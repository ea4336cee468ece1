import { Button, ActionIcon as IconButton, TextInput } from '@mantine/core';
import { nameOfField } from '@switchyard/shared/contracts/redaction-rules.ts';
import { IconArrowBackUp, IconBraces, IconPencil, IconRegex } from '@tabler/icons-react';
import { type OwnRule, type RuleProblems, ruleTitle } from '../draft/policy-draft.ts';
import { namesIn } from '../draft/policy-settings.ts';
import { ActionSelect } from './action-select.tsx';
import { FoundCount } from './built-in-row.tsx';
import styles from './redaction.module.css';

interface Props {
  readonly rule: OwnRule;
  readonly problems: RuleProblems;
  readonly found: Readonly<Record<string, number>>;
  /** Its texts are being edited. */
  readonly isOpen: boolean;
  readonly onOpen: (isOpen: boolean) => void;
  readonly onChange: (rule: OwnRule) => void;
  readonly onDrop: () => void;
}

const ACTIONS = ['tokenise', 'mask', 'hash', 'refuse'];

/** An own pattern or named fields. Their texts are edited below the row. */
export function OwnRow({ rule, problems, found, isOpen, onOpen, onChange, onDrop }: Props) {
  const { kind, name, text, action, was, removed } = rule;
  const title = ruleTitle(rule);
  const names = kind === 'pattern' ? [name] : namesIn(text).map(nameOfField);
  const isChanged = !was || was.name !== name || was.text !== text;
  if (removed) return <RemovedRow rule={rule} onRestore={() => onChange({ ...rule, removed: false })} />;
  const Glyph = kind === 'pattern' ? IconRegex : IconBraces;
  return (
    <li aria-label={title}>
      <div className={styles.row}>
        <span className={styles.find}>
          <Glyph size={16} stroke={1.6} aria-hidden />
          <span className={styles.name}>{title}</span>
          <IconButton size={24} aria-label={`Edit ${title}`} aria-expanded={isOpen} onClick={() => onOpen(!isOpen)}>
            <IconPencil size={14} stroke={1.7} />
          </IconButton>
        </span>
        <span className={styles.how}>
          {text.trim() !== '' && (
            <code className={styles.code} data-changed={isChanged || undefined} data-wrong={problems.text !== undefined || undefined}>
              {text}
            </code>
          )}
        </span>
        <ActionSelect
          label={`Action for ${title}`}
          choice={action}
          choices={ACTIONS}
          was={was && was.action !== action ? was.action : undefined}
          onChange={(next) => onChange({ ...rule, action: next as OwnRule['action'] })}
        />
        <FoundCount count={[...new Set(names)].reduce((sum, one) => sum + (found[one] ?? 0), 0)} />
      </div>
      {isOpen && (
        <RuleTexts
          rule={rule}
          problems={problems}
          onChange={onChange}
          onClose={() => onOpen(false)}
          onRemove={was ? () => onChange({ ...rule, removed: true }) : onDrop}
        />
      )}
    </li>
  );
}

function RemovedRow({ rule, onRestore }: { rule: OwnRule; onRestore: () => void }) {
  const title = ruleTitle(rule);
  return (
    <li aria-label={title} className={styles.row} data-removed>
      <span className={styles.find}>
        <s>{title}</s>
      </span>
      <span className={styles.how}>
        <s>
          <code className={styles.code}>{rule.text}</code>
        </s>
      </span>
      <span className={styles.gone}>Removed when you save</span>
      <Button size="xs" leftSection={<IconArrowBackUp size={14} stroke={1.7} />} aria-label={`Keep ${title}`} onClick={onRestore}>
        Keep
      </Button>
    </li>
  );
}

interface TextsProps {
  readonly rule: OwnRule;
  readonly problems: RuleProblems;
  readonly onChange: (rule: OwnRule) => void;
  readonly onClose: () => void;
  readonly onRemove: () => void;
}

function RuleTexts({ rule, problems, onChange, onClose, onRemove }: TextsProps) {
  const { kind, name, text, was } = rule;
  return (
    <div className={styles.texts}>
      {kind === 'pattern' && (
        <RuleText
          label="Name"
          value={name}
          was={was?.name}
          hint="Shown in place of the value"
          placeholder="customer-id"
          problem={problems.name}
          isFirst
          onChange={(next) => onChange({ ...rule, name: next })}
        />
      )}
      <RuleText
        label={kind === 'pattern' ? 'Pattern' : 'Fields'}
        value={text}
        was={was?.text}
        hint={kind === 'pattern' ? 'A regular expression, without lookaround and backreferences' : 'Names at any depth, or paths, separated by commas'}
        placeholder={kind === 'pattern' ? 'CUS-\\d{6}' : 'password, customer.birthday'}
        problem={problems.text}
        isFirst={kind === 'field'}
        onChange={(next) => onChange({ ...rule, text: next })}
      />
      <div className={styles.answers}>
        <Button className={styles.remove} onClick={onRemove}>
          Remove
        </Button>
        <Button onClick={onClose}>Done</Button>
      </div>
    </div>
  );
}

interface TextProps {
  readonly label: string;
  readonly value: string;
  readonly was: string | undefined;
  readonly hint: string;
  readonly placeholder: string;
  readonly problem: string | undefined;
  readonly isFirst: boolean;
  readonly onChange: (value: string) => void;
}

/** One text of a rule. Nothing is wrong with an empty one before it is saved. */
function RuleText({ label, value, was, hint, placeholder, problem, isFirst, onChange }: TextProps) {
  const isChanged = was !== undefined && was !== value;
  return (
    <TextInput
      label={label}
      value={value}
      placeholder={placeholder}
      maxLength={1_000}
      spellCheck={false}
      autoComplete="off"
      autoFocus={isFirst && value === ''}
      classNames={{ input: styles.text ?? '' }}
      data-changed={isChanged || undefined}
      description={isChanged ? `was ${was}` : hint}
      inputWrapperOrder={['label', 'input', 'description', 'error']}
      error={value === '' ? undefined : problem}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  );
}
