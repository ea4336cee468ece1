import { TextInput } from '@mantine/core';
import { useTypedValue } from '../ui/use-typed-text.ts';
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

/** A number within bounds. Invalid text stays in the field with the reason, and the last valid number applies. */
export function NumberField({ label, value, onChange, unit, placeholder, help, min, max, whole = false, readOnly }: NumberFieldProps) {
  const reason = (text: string) => refusal(text, { min, max, whole });
  const field = useTypedValue(value, { show: numberText, read: numberOf, commit: onChange, accepts: (text) => reason(text) === undefined });
  return (
    <TextInput
      label={label}
      inputMode="decimal"
      {...field}
      placeholder={placeholder}
      readOnly={readOnly}
      error={reason(field.value)}
      {...(help !== undefined && { description: help, inputWrapperOrder: ['label', 'input', 'error', 'description'] })}
      rightSection={unit && <span className={formClasses.unit}>{unit}</span>}
      rightSectionWidth={unit ? 44 : 0}
      rightSectionPointerEvents="none"
    />
  );
}

const numberText = (value: number | undefined): string => (value === undefined ? '' : String(value));
const numberOf = (text: string): number | undefined => (text.trim() === '' ? undefined : Number(text.replace(',', '.')));

/** Why a text is not a valid number, or undefined if it is valid or empty. */
export function refusal(text: string, { min, max, whole }: { min: number; max: number; whole: boolean }): string | undefined {
  if (text.trim() === '') return undefined;
  const number = numberOf(text) ?? Number.NaN;
  if (!Number.isFinite(number)) return 'Enter a number';
  if (whole && !Number.isInteger(number)) return 'Enter a whole number';
  if (number < min) return `Must be at least ${min}`;
  return number > max ? `Must be at most ${max}` : undefined;
}
