import { TextInput } from '@mantine/core';
import { useState } from 'react';
import formClasses from './form.module.css';

interface NumberFieldProps {
  readonly label: string;
  readonly value: number | undefined;
  readonly onChange: (value: number | undefined) => void;
  readonly unit?: string;
  readonly placeholder?: string;
  readonly help?: string;
  readonly min: number;
  readonly max: number;
  readonly whole?: boolean;
  readonly readOnly: boolean;
}

/** A number within bounds; what cannot be taken stays in the field, with the reason, and the last good number holds. */
export function NumberField({ label, value, onChange, unit, placeholder, help, min, max, whole = false, readOnly }: NumberFieldProps) {
  const [draft, setDraft] = useState<string | null>(null);
  const text = draft ?? (value === undefined ? '' : String(value));
  const refused = draft === null ? undefined : refusal(draft, { min, max, whole });
  return (
    <TextInput
      label={label}
      inputMode="decimal"
      value={text}
      placeholder={placeholder}
      readOnly={readOnly}
      error={refused}
      {...(help !== undefined && { description: help, inputWrapperOrder: ['label', 'input', 'error', 'description'] })}
      rightSection={unit && <span className={formClasses.unit}>{unit}</span>}
      rightSectionWidth={unit ? 44 : 0}
      rightSectionPointerEvents="none"
      onChange={(event) => {
        const next = event.currentTarget.value;
        setDraft(next);
        if (refusal(next, { min, max, whole }) === undefined) onChange(next.trim() === '' ? undefined : Number(next.replace(',', '.')));
      }}
      onBlur={() => {
        if (refused === undefined) setDraft(null);
      }}
    />
  );
}

/** Why a text cannot be taken as such a number; undefined when it can, or is empty. */
export function refusal(text: string, { min, max, whole }: { min: number; max: number; whole: boolean }): string | undefined {
  if (text.trim() === '') return undefined;
  const number = Number(text.replace(',', '.'));
  if (!Number.isFinite(number)) return 'Enter a number';
  if (whole && !Number.isInteger(number)) return 'Write a whole number';
  if (number < min) return `At least ${min}`;
  return number > max ? `At most ${max}` : undefined;
}
