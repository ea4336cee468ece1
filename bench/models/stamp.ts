const LETTERS = 'abcdefghij';

/** Milliseconds on a clock shared by all processes of this machine. */
export const sharedNow = (): number => Number(process.hrtime.bigint() / 1_000n) / 1_000;

/** The current time on that clock. In letters, since digits could look like a phone number. */
export const stamp = (): string => String(Math.round(sharedNow() * 1_000)).replaceAll(/\d/g, (digit) => LETTERS[Number(digit)] ?? '');

/** The time of a stamp. */
export const timeOf = (text: string): number => Number(text.replaceAll(/[a-j]/g, (letter) => String(LETTERS.indexOf(letter)))) / 1_000;
