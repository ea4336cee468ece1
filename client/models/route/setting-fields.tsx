import { TextInput } from '@mantine/core';
import { mistakeInRouteExpression } from '@switchyard/shared/model/route-expression.ts';
import { type ReactNode, useId, useMemo } from 'react';
import { TextEditor } from '../../expressions/text-editor.tsx';
import { refusal } from '../../form/number-field.tsx';
import { useTypedValue } from '../../ui/use-typed-text.ts';
import styles from './panel.module.css';

/** Marks a changed setting and says what it was. */
export function Changed({ was, children }: { was: string | undefined; children: ReactNode }) {
  return (
    <div className={styles.field} data-changed={was !== undefined || undefined}>
      {children}
      {was !== undefined && <p className={styles.was}>was {was || 'empty'}</p>}
    </div>
  );
}

export const SECONDS = { unit: 's', size: 1_000 };
export const MINUTES = { unit: 'min', size: 60_000 };
export const COUNT = { unit: '', size: 1 };

interface NumberSettingProps {
  readonly label: string;
  readonly value: number | undefined;
  /** What it was before the edits. */
  readonly was: number | undefined;
  readonly onChange: (value: number | undefined) => void;
  /** The unit shown, and how much of the value one of it is. */
  readonly scale: { readonly unit: string; readonly size: number };
  /** Bounds in the unit shown. */
  readonly min: number;
  readonly max: number;
  readonly whole?: boolean;
  /** Shown while it is not set. */
  readonly placeholder: string;
}

/** A number that may be unset. Invalid text stays in the field with the reason, and the last valid number applies. */
export function NumberSetting({ label, value, was, onChange, scale, min, max, whole = false, placeholder }: NumberSettingProps) {
  const { unit, size } = scale;
  const reason = (text: string) => refusal(text, { min, max, whole });
  const shown = (number: number | undefined): string => (number === undefined ? '' : String(number / size));
  const field = useTypedValue(value, {
    show: shown,
    read: (text) => (text.trim() === '' ? undefined : Math.round(Number(text.replace(',', '.')) * size * 100) / 100),
    commit: onChange,
    accepts: (text) => reason(text) === undefined,
  });
  const isChanged = was !== value;
  const before = `was ${was === undefined ? placeholder : [shown(was), unit].filter(Boolean).join(' ')}`;
  const aside = [field.value === '' ? '' : unit, isChanged ? before : ''].filter(Boolean).join(', ');
  return (
    <div className={styles.field} data-changed={isChanged || undefined}>
      <TextInput
        label={label}
        inputMode="decimal"
        {...field}
        placeholder={placeholder}
        error={reason(field.value)}
        aria-description={aside}
        rightSection={aside && <span className={styles.aside}>{aside}</span>}
        rightSectionWidth={aside ? 14 + aside.length * 6.5 : 0}
        rightSectionPointerEvents="none"
      />
    </div>
  );
}

const NAMES = [
  { label: 'labels', detail: 'labels of the run', kind: 'value' },
  { label: 'size', detail: 'characters of the messages', kind: 'value' },
  { label: 'attempt', detail: 'attempt of the step, from 1', kind: 'value' },
  { label: 'msLeft', detail: 'milliseconds until the step times out', kind: 'value' },
] as const;
const suggestions = () => NAMES;

interface ExpressionSettingProps {
  readonly label: string;
  readonly value: string | undefined;
  readonly was: string | undefined;
  readonly onChange: (value: string | undefined) => void;
  readonly placeholder: string;
  /** What the server says about it. */
  readonly problem: string | undefined;
}

/** An expression of a route, with what is wrong with it below. Empty text unsets it. */
export function ExpressionSetting({ label, value = '', was = '', onChange, placeholder, problem }: ExpressionSettingProps) {
  const id = useId();
  const mistake = useMemo(() => (value === '' ? undefined : mistakeInRouteExpression(value)), [value]);
  const diagnostics = useMemo(
    () => (mistake ? [{ from: mistake.start, to: Math.max(mistake.end, mistake.start + 1), severity: 'error' as const, message: mistake.message }] : []),
    [mistake],
  );
  const shown = mistake?.message ?? problem;
  return (
    <Changed was={was === value ? undefined : was || 'not set'}>
      <span id={`${id}-label`} className={styles.label}>
        {label}
      </span>
      <TextEditor
        kind="cel"
        singleLine
        value={value}
        onChange={(text) => onChange(text.trim() === '' ? undefined : text)}
        labelId={`${id}-label`}
        describedBy={shown ? `${id}-problem` : undefined}
        placeholder={placeholder}
        readOnly={false}
        suggestions={suggestions}
        diagnostics={diagnostics}
      />
      {shown && (
        <p id={`${id}-problem`} className={styles.problem}>
          {shown}
        </p>
      )}
    </Changed>
  );
}
