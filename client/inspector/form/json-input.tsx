import type { FieldPath } from '@switchyard/shared/graph/node-kind.ts';
import { useEffect, useRef, useState } from 'react';
import { ExpressionInput } from '../expression/expression-input.tsx';
import classes from './form.module.css';
import { brokenJson, faultInWords, readLoosely, writeLoosely } from './json-text.ts';

interface Props {
  readonly value: unknown;
  readonly onChange: (value: unknown) => void;
  readonly path: FieldPath;
  readonly labelId?: string;
  readonly label?: string;
  readonly describedBy?: string | undefined;
  readonly minHeight?: number;
}

/** JSON as text. What is not JSON yet is kept as the text that it is, and the fault is named with its line. */
export function JsonInput(props: Props) {
  const [text, setText] = useState(() => writeLoosely(props.value));
  // What was typed stays as it was typed, until the value is changed by something else (undo, another sample).
  const own = useRef(props.value);
  useEffect(() => {
    if (JSON.stringify(own.current) === JSON.stringify(props.value)) return;
    own.current = props.value;
    setText(writeLoosely(props.value));
  }, [props.value]);
  const change = (next: string) => {
    setText(next);
    own.current = readLoosely(next);
    props.onChange(own.current);
  };
  const fault = brokenJson(props.value);
  return (
    <>
      <ExpressionInput
        kind="json"
        {...(props.labelId !== undefined && { labelId: props.labelId })}
        {...(props.label !== undefined && { label: props.label })}
        describedBy={props.describedBy}
        path={props.path}
        value={text}
        onChange={change}
        minHeight={props.minHeight ?? 68}
      />
      {fault && <p className={classes.problem}>{faultInWords(fault)} Until then it is used as plain text.</p>}
    </>
  );
}
