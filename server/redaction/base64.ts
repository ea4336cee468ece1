/** Base64 in a text, long enough to contain a value. */
const RUN = /[A-Za-z0-9+/_-]{16,}={0,2}/g;
/** Longer ones are files, which are not looked into. */
const LONGEST = 1_400_000;
/** How much is decoded first, to tell text from other data. */
const PROBE = 64;

/** Text encoded as base64 within a text. */
export interface EncodedText {
  readonly start: number;
  readonly end: number;
  readonly decoded: string;
  /** Encodes another text the same way. */
  encode(text: string): string;
}

/** The texts encoded as base64 in a text, also as base64url. Words and other data that look alike are left out. */
export function* encodedTexts(text: string): Iterable<EncodedText> {
  for (const { 0: run, index } of text.matchAll(RUN)) {
    if (run.length > LONGEST || !isText(decode(run.slice(0, PROBE)), PROBE < run.length)) continue;
    const bytes = decode(run);
    if (!isText(bytes, false)) continue;
    const encoding = /[-_]/.test(run) ? 'base64url' : 'base64';
    const encode = (decoded: string): string => {
      const encoded = Buffer.from(decoded).toString(encoding);
      return encoding === 'base64' && !run.endsWith('=') && run.length % 4 !== 0 ? encoded.replace(/=+$/, '') : encoded;
    };
    yield { start: index, end: index + run.length, decoded: bytes.toString(), encode };
  }
}

const decode = (run: string): Buffer => Buffer.from(run, 'base64');

/** The bytes are printable UTF-8. `isCut`: the last character may be incomplete. */
function isText(bytes: Buffer, isCut: boolean): boolean {
  const text = bytes.toString();
  const end = isCut ? Math.max(0, text.length - 3) : text.length;
  // biome-ignore lint/suspicious/noControlCharactersInRegex: finds what is not text
  return end > 0 && !/[\u0000-\u0008\u000e-\u001f\ufffd]/.test(text.slice(0, end));
}
