import { Switch, Textarea, TextInput } from '@mantine/core';
import { useTypedText, useTypedValue } from '../../ui/use-typed-text.ts';
import classes from '../form.module.css';
import type { ControlProps } from '../form-context.tsx';
import type { FieldModel } from '../form-model.ts';

/** A value of any type as text, so that no stored value is hidden. */
export const asText = (value: unknown): string => (typeof value === 'string' ? value : value === undefined ? '' : JSON.stringify(value));

/** The default while the field is empty, else an example. */
export const hintOf = ({ fallback, hints }: FieldModel): string | undefined =>
  (typeof fallback === 'string' && fallback !== '') || typeof fallback === 'number' ? String(fallback) : hints.placeholder;

const common = (props: ControlProps) => ({
  id: props.id,
  'aria-describedby': props.describedBy,
  error: props.invalid,
  withErrorStyles: true,
  readOnly: props.readOnly,
  placeholder: hintOf(props.field),
});

/** Clearing an optional field removes it. Others keep the empty text. */
const cleared = (props: ControlProps, text: string): string | undefined => (text === '' && props.field.optional ? undefined : text);

/** One line of text. Long text wraps to stay visible. */
export function TextControl(props: ControlProps) {
  const field = useTypedText(asText(props.value), (text) => props.set(cleared(props, text.replaceAll('\n', ' '))));
  return (
    <Textarea
      {...common(props)}
      autosize
      minRows={1}
      maxRows={6}
      {...field}
      onKeyDown={(event) => {
        if (event.key === 'Enter') event.preventDefault();
      }}
    />
  );
}

export function LongTextControl(props: ControlProps) {
  const field = useTypedText(asText(props.value), (text) => props.set(cleared(props, text)));
  return <Textarea {...common(props)} autosize minRows={3} maxRows={16} {...field} />;
}

/** Typed text as a number if it is one, undefined if empty, else the text itself, which the check reports. */
function typedNumber(text: string): unknown {
  const trimmed = text.trim();
  if (trimmed === '') return undefined;
  const number = Number(trimmed.replace(',', '.'));
  return Number.isFinite(number) ? number : text;
}

export function NumberControl(props: ControlProps) {
  const field = useTypedValue(props.value, { show: asText, read: typedNumber, commit: props.set });
  return (
    <TextInput
      {...common(props)}
      inputMode="decimal"
      className={classes.number}
      {...field}
      rightSection={props.field.hints.unit && <span className={classes.unit}>{props.field.hints.unit}</span>}
      rightSectionWidth={props.field.hints.unit ? 60 : 0}
      rightSectionPointerEvents="none"
    />
  );
}

export function SwitchControl(props: ControlProps) {
  const on = typeof props.value === 'boolean' ? props.value : props.field.fallback === true;
  return (
    <Switch
      id={props.id}
      aria-describedby={props.describedBy}
      label={props.field.hints.label}
      checked={on}
      disabled={props.readOnly}
      onChange={(event) => props.set(event.currentTarget.checked)}
    />
  );
}
