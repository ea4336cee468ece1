import { Textarea } from '@mantine/core';
import { useState } from 'react';
import classes from '../form.module.css';
import type { ControlProps } from '../form-context.tsx';
import { asText } from './text-controls.tsx';

const linesOf = (value: unknown): string => (Array.isArray(value) ? value.map(asText).join('\n') : asText(value));

/** Without line breaks at the end. `/\n+$/` is not linear on a long pasted text. */
function withoutEmptyEnd(text: string): string {
  let end = text.length;
  while (text[end - 1] === '\n') end--;
  return text.slice(0, end);
}

/** A list of texts, one a line. An empty last line is kept while typing, not in the params. */
export function LinesControl(props: ControlProps) {
  const saved = linesOf(props.value);
  const [draft, setDraft] = useState(saved);
  const text = withoutEmptyEnd(draft) === saved ? draft : saved;
  const change = (next: string) => {
    setDraft(next);
    const lines = withoutEmptyEnd(next).split('\n');
    const empty = lines.length === 1 && lines[0] === '';
    if (empty) props.set(props.field.optional && props.field.fallback === undefined ? undefined : []);
    else props.set(lines);
  };
  return (
    <Textarea
      id={props.id}
      aria-describedby={props.describedBy}
      className={classes.lines}
      error={props.invalid}
      readOnly={props.readOnly}
      autosize
      minRows={2}
      maxRows={8}
      placeholder={props.field.hints.placeholder ?? 'One per line'}
      value={text}
      onChange={(event) => change(event.currentTarget.value)}
    />
  );
}
