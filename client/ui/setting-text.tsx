/** A name in capitals, with the value that it is to have: `EGRESS_ALLOW=127.0.0.1`. The full stop after it belongs to the sentence. */
const SETTING = /(\b[A-Z]+(?:_[A-Z]+)+(?:=\S*[^\s.,;])?)/;

/** A sentence in which settings of the server stand as code. */
export function SettingText({ text }: { text: string }) {
  // Split at what is caught, every second part is a setting.
  return text.split(SETTING).map((part, index) => (index % 2 === 1 ? <code key={part + String(index)}>{part}</code> : part));
}
