import { useEffect, useRef, useState } from 'react';
import { createTyping, type Typing } from './typing.ts';

/** Typing into a field that lives as long as the component; what is held when it goes is handed on. */
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
  /** The value as text, for a field that is not typed in. */
  show(value: T): string;
  /** The value that a typed text means. */
  read(text: string): T;
  commit(value: T): void;
  /** Whether a typed text means a value at all. One that does not stays in the field and changes nothing. */
  accepts?(text: string): boolean;
}

const isSame = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

/**
 * The text a field shows for its value, and the props of its input. While the field has the focus, typed text stays as it is (`1.`, an
 * empty last line) as long as it means the value. On blur, the field shows the value.
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
