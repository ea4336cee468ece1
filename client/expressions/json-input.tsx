import { useEffect, useRef, useState } from 'react';
import classes from './expression.module.css';
import { brokenJson, describeFault, readLoosely, writeLoosely } from './json-text.ts';
import { TextEditor, type TextEditorProps } from './text-editor.tsx';

type Props = Omit<TextEditorProps, 'kind' | 'value' | 'onChange'> & {
  readonly value: unknown;
  readonly onChange: (value: unknown) => void;
};

/** JSON as text. Text that is not valid JSON yet is kept as is, and the error is shown with its line. */
export function JsonInput({ value, onChange, ...props }: Props) {
  const [text, setText] = useState(() => writeLoosely(value));
  // Typed text stays as typed until the value changes otherwise (undo, another sample).
  const own = useRef(value);
  useEffect(() => {
    if (JSON.stringify(own.current) === JSON.stringify(value)) return;
    own.current = value;
    setText(writeLoosely(value));
  }, [value]);
  const change = (next: string) => {
    setText(next);
    own.current = readLoosely(next);
    onChange(own.current);
  };
  const fault = brokenJson(value);
  return (
    <>
      <TextEditor {...props} kind="json" value={text} onChange={change} />
      {fault && <p className={`${classes.fault}`}>{describeFault(fault)}</p>}
    </>
  );
}
