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

/** The text a field shows while it is typed in, and the props of its input. */
export function useTypedText(value: string, commit: (text: string) => void) {
  const [typed, setTyped] = useState<string>();
  const typing = useTyping((text) => {
    commit(text);
    setTyped(undefined);
  });
  return {
    value: typed ?? value,
    onChange: (event: { readonly currentTarget: { readonly value: string } }) => {
      setTyped(event.currentTarget.value);
      typing.hold(event.currentTarget.value);
    },
    onBlur: () => typing.flush(),
  };
}
