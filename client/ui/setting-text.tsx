/** An environment variable with its value: `EGRESS_ALLOW=127.0.0.1`. A final period belongs to the sentence. */
const SETTING = /(\b[A-Z]+(?:_[A-Z]+)+(?:=\S*[^\s.,;])?)/;

/** A sentence with environment variables formatted as code. */
export function SettingText({ text }: { text: string }) {
  // Splitting at a capture group makes every second part a setting.
  return text.split(SETTING).map((part, index) => (index % 2 === 1 ? <code key={part + String(index)}>{part}</code> : part));
}
