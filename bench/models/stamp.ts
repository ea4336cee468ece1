const LETTERS = 'abcdefghij';

/** The current time on a clock shared by all processes of this machine. In letters, since digits could look like a phone number. */
export const stamp = (): string => String(sharedNow()).replaceAll(/\d/g, (digit) => LETTERS[Number(digit)] ?? '');

/** Milliseconds since a stamp. */
export const sinceStamp = (text: string): number => (sharedNow() - Number(text.replaceAll(/[a-j]/g, (letter) => String(LETTERS.indexOf(letter))))) / 1_000;

const sharedNow = (): number => Number(process.hrtime.bigint() / 1_000n);
