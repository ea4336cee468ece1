/** Base64 in a text, long enough to contain a value. May be split into lines, as in emails. */
const RUN = /(?:[A-Za-z0-9+/]{76}\r?\n|[A-Za-z0-9+/]{64}\r?\n)+[A-Za-z0-9+/]*={0,2}|[A-Za-z0-9+/_-]{16,}={0,2}/g;
/** Separates base64 from the rest of a path or text that isn't base64 as a whole. */
const PART = /[^/\r\n]{16,}/g;
/** Longer texts are files, which are not decoded. */
const LONGEST = 1_400_000;
/** How much is decoded first, to distinguish text from other data. */
const PROBE = 64;

/** Text encoded as base64 within a text. */
export interface EncodedText {
  readonly start: number;
  readonly end: number;
  readonly decoded: string;
  /** Encodes another text the same way. */
  encode(text: string): string;
}

/** The texts encoded as base64 or base64url in a text. Words and other data that only look like base64 are left out. */
export function* encodedTexts(text: string): Iterable<EncodedText> {
  for (const { 0: run, index } of text.matchAll(RUN)) {
    const whole = encodedText(run, index);
    if (whole) yield* whole;
    else for (const part of run.matchAll(PART)) yield* encodedText(part[0], index + part.index) ?? [];
  }
}

function encodedText(run: string, start: number): [EncodedText] | undefined {
  if (run.length > LONGEST || !isText(decode(run.slice(0, PROBE)), PROBE < run.length)) return undefined;
  const bytes = decode(run);
  if (!isText(bytes, false)) return undefined;
  const encoding = /[-_]/.test(run) ? 'base64url' : 'base64';
  const encode = (decoded: string): string => {
    const encoded = Buffer.from(decoded).toString(encoding);
    return encoding === 'base64' && !run.endsWith('=') && run.length % 4 !== 0 ? encoded.replace(/=+$/, '') : encoded;
  };
  return [{ start, end: start + run.length, decoded: bytes.toString(), encode }];
}

const decode = (run: string): Buffer => Buffer.from(run, 'base64');

/** The bytes are printable UTF-8. `isCut`: the last character may be incomplete. */
function isText(bytes: Buffer, isCut: boolean): boolean {
  const text = bytes.toString();
  const end = isCut ? Math.max(0, text.length - 3) : text.length;
  // biome-ignore lint/suspicious/noControlCharactersInRegex: finds what is not text
  return end > 0 && !/[\u0000-\u0008\u000e-\u001f\ufffd]/.test(text.slice(0, end));
}
