import { Textarea } from '@mantine/core';
import { useTypedValue } from '../../ui/use-typed-text.ts';
import type { ControlProps } from '../form-context.tsx';
import { asText } from './text-controls.tsx';

const linesOf = (value: unknown): string => (Array.isArray(value) ? value.map(asText).join('\n') : asText(value));

/** Trims line breaks at the end. `/\n+$/` is not linear on a long pasted text. */
function withoutEmptyEnd(text: string): string {
  let end = text.length;
  while (text[end - 1] === '\n') end--;
  return text.slice(0, end);
}

/** A list of texts, one per line. An empty last line is kept while typing, but not in the params. */
export function LinesControl(props: ControlProps) {
  const { optional, fallback } = props.field;
  const read = (text: string): unknown => {
    const lines = withoutEmptyEnd(text);
    if (lines === '') return optional && fallback === undefined ? undefined : [];
    return lines.split('\n');
  };
  const field = useTypedValue(props.value, { show: linesOf, read, commit: props.set });
  return (
    <Textarea
      id={props.id}
      aria-describedby={props.describedBy}
      error={props.invalid}
      readOnly={props.readOnly}
      autosize
      minRows={2}
      maxRows={8}
      placeholder={props.field.hints.placeholder ?? 'One per line'}
      {...field}
    />
  );
}
