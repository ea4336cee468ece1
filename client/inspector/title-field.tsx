import { useState } from 'react';
import { useTyping } from '../ui/use-typed-text.ts';
import classes from './inspector.module.css';

interface Props {
  readonly value: string;
  readonly readOnly: boolean;
  readonly onChange: (title: string) => void;
  readonly label?: string;
  /** Report changes only on blur. */
  readonly onLeave?: boolean;
}

/** A title with inline editing. An empty one reverts on blur. */
export function TitleField({ value, readOnly, onChange, label = 'Title', onLeave = false }: Props) {
  const [draft, setDraft] = useState<string | null>(null);
  const typing = useTyping(onChange);
  return (
    <input
      className={classes.title}
      aria-label={label}
      readOnly={readOnly}
      maxLength={200}
      value={draft ?? value}
      onFocus={() => setDraft(value)}
      onChange={(event) => {
        const next = event.currentTarget.value;
        setDraft(next);
        if (!onLeave && next.trim() !== '') typing.hold(next);
      }}
      onBlur={() => {
        if (onLeave && draft !== null && draft.trim() !== '' && draft !== value) onChange(draft);
        typing.flush();
        setDraft(null);
      }}
      onKeyDown={(event) => {
        if (event.key === 'Enter') event.currentTarget.blur();
      }}
    />
  );
}
