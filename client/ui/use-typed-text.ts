import { useEffect, useRef, useState } from 'react';
import { createTyping, type Typing } from './typing.ts';

/** Typing into a field that lives as long as the component. Reports held text on unmount. */
export function useTyping(commit: (text: string) => void): Typing {
  const latest = useRef(commit);
  latest.current = commit;
  const typing = useRef<Typing>(null);
  typing.current ??= createTyping((text) => latest.current(text));
  const own = typing.current;
  useEffect(() => () => own.flush(), [own]);
  return own;
}

interface TypedValue<T> {
  /** The value as text, while the field is not being edited. */
  show(value: T): string;
  /** The value of a typed text. */
  read(text: string): T;
  commit(value: T): void;
  /** Whether typed text is a valid value. Invalid text stays in the field and changes nothing. */
  accepts?(text: string): boolean;
}

const isSame = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

/**
 * The text of a field for its value, and the props of its input. While focused, typed text stays as typed (`1.`, an empty last line) as
 * long as it means the same value. On blur, the field shows the value.
 */
export function useTypedValue<T>(value: T, { show, read, commit, accepts = () => true }: TypedValue<T>) {
  const [typed, setTyped] = useState<string>();
  const typing = useTyping((text) => commit(read(text)));
  const isKept = typed !== undefined && (typing.holds || !accepts(typed) || isSame(read(typed), value));
  return {
    value: isKept ? typed : show(value),
    onChange: (event: { readonly currentTarget: { readonly value: string } }) => {
      const text = event.currentTarget.value;
      setTyped(text);
      if (accepts(text)) typing.hold(text);
    },
    onBlur: () => {
      typing.flush();
      if (typed !== undefined && accepts(typed)) setTyped(undefined);
    },
  };
}

const asIs = (text: string): string => text;

/** The same for a field whose value is its text. */
export const useTypedText = (value: string, commit: (text: string) => void) => useTypedValue(value, { show: asIs, read: asIs, commit });
