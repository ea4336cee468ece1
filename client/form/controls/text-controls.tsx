import { Switch, Textarea, TextInput } from '@mantine/core';
import { useTypedText, useTypedValue } from '../../ui/use-typed-text.ts';
import classes from '../form.module.css';
import type { ControlProps } from '../form-context.tsx';
import type { FieldModel } from '../form-model.ts';

/** What a text field shows for a value of any type, so that nothing that is there is hidden. */
export const asText = (value: unknown): string => (typeof value === 'string' ? value : value === undefined ? '' : JSON.stringify(value));

/** What holds while the field is empty, else an example of what to write. */
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

/** An emptied field that may be left out is taken away; others keep the empty text. */
const cleared = (props: ControlProps, text: string): string | undefined => (text === '' && props.field.optional ? undefined : text);

/** One line of text; a long one wraps, so that all of it is seen. */
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

/** What was typed as a number: a number where it is one, nothing when empty, else the text as it is, for the check to name. */
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
