import { TextInput } from '@mantine/core';
import type { ReactNode } from 'react';
import { useLocalTexts } from '../ui/use-local-texts.ts';

interface LocalTextFieldProps {
  /** The name under which the text is stored. */
  readonly place: string;
  readonly label: string;
  readonly placeholder?: string;
  readonly description?: ReactNode;
  readonly value: string;
  readonly onSend: (text: string, onSaved: () => void) => void;
}

/** A text sent on blur, and stored in this browser until the server has accepted it. */
export function LocalTextField({ place, label, placeholder, description, value, onSend }: LocalTextFieldProps) {
  const { texts, keep, forget } = useLocalTexts(place);
  const text = texts.text ?? value;
  const leave = () => (text.trim() === value ? forget() : onSend(text.trim(), forget));
  return (
    <TextInput
      label={label}
      placeholder={placeholder}
      description={description}
      inputWrapperOrder={['label', 'input', 'description']}
      value={text}
      onChange={(event) => keep({ text: event.currentTarget.value })}
      onBlur={leave}
    />
  );
}
