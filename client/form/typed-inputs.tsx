import { TextInput, type TextInputProps } from '@mantine/core';
import type { ComponentProps } from 'react';
import { useTypedText } from '../ui/use-typed-text.ts';

interface Typed {
  readonly value: string;
  readonly onText: (text: string) => void;
}

/** A text input in a list row. Reports its text at pauses and on blur, like every other text field. */
export function TypedTextInput({ value, onText, ...rest }: Typed & Omit<TextInputProps, keyof Typed | 'onChange' | 'onBlur'>) {
  return <TextInput {...rest} {...useTypedText(value, onText)} />;
}

/** The same without a border. */
export function TypedInput({ value, onText, ...rest }: Typed & Omit<ComponentProps<'input'>, keyof Typed | 'onChange' | 'onBlur'>) {
  return <input {...rest} {...useTypedText(value, onText)} />;
}
