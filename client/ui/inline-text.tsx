import type { ReactNode } from 'react';

/** Code, bold, and italics within a sentence. */
const MARKS = /(`[^`]+`|\*\*[^*]+\*\*|\*[^\s*](?:[^*]*[^\s*])?\*)/;

/** A sentence with Markdown’s code, bold, and italics. */
export function InlineText({ text }: { text: string }): ReactNode {
  // Splitting at a capture group makes every second part a marked one.
  return text.split(MARKS).map((part, index) => (index % 2 === 1 ? <Marked key={part + String(index)} text={part} /> : part));
}

function Marked({ text }: { text: string }) {
  if (text.startsWith('`')) return <code>{text.slice(1, -1)}</code>;
  return text.startsWith('**') ? <b>{text.slice(2, -2)}</b> : <em>{text.slice(1, -1)}</em>;
}

/** An environment variable with its value: `EGRESS_ALLOW=127.0.0.1`. A final period belongs to the sentence. */
const SETTING = /(\b[A-Z]+(?:_[A-Z]+)+(?:=\S*[^\s.,;])?)/;

/** A sentence with environment variables formatted as code. */
export function SettingText({ text }: { text: string }) {
  // Splitting at a capture group makes every second part a setting.
  return text.split(SETTING).map((part, index) => (index % 2 === 1 ? <code key={part + String(index)}>{part}</code> : part));
}
