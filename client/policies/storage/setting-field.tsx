import { NumberInput, TextInput } from '@mantine/core';
import { type Setting, settingText } from '../draft/policy-settings.ts';
import type { PolicyDraft } from '../draft/use-policy-draft.ts';
import styles from './storage.module.css';

interface Props {
  readonly draft: PolicyDraft;
  readonly setting: Setting;
  readonly label: string;
  /** For a number. Without one, the field takes text. */
  readonly unit?: string;
  readonly placeholder?: string;
  readonly hint?: string;
  readonly className?: string | undefined;
}

/** A setting with what is wrong with it, and what it was. */
export function SettingField({ draft, setting, label, unit, placeholder, hint, className }: Props) {
  const value = draft.form.settings[setting];
  const was = draft.start.settings[setting];
  const isChanged = was !== value;
  const shared = {
    label,
    value,
    error: draft.problems.settings[setting],
    description: isChanged ? `was ${settingText(setting, was)}` : hint,
    inputWrapperOrder: ['label', 'input', 'description', 'error'] as ('label' | 'input' | 'description' | 'error')[],
    classNames: { input: styles.input ?? '' },
    'data-changed': isChanged || undefined,
    ...(placeholder !== undefined && { placeholder }),
    ...(className !== undefined && { className }),
  };
  if (unit === undefined)
    return (
      <TextInput {...shared} maxLength={10_000} spellCheck={false} autoComplete="off" onChange={(event) => draft.set(setting, event.currentTarget.value)} />
    );
  return (
    <NumberInput
      {...shared}
      suffix={` ${unit}`}
      allowNegative={false}
      allowDecimal={false}
      thousandSeparator=","
      onChange={(next) => draft.set(setting, String(next))}
    />
  );
}
