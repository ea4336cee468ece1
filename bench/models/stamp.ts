const LETTERS = 'abcdefghij';

/** Now, in letters, on a clock that all processes of this machine share. Digits could be taken for a phone number. */
export const stamp = (): string => String(sharedNow()).replaceAll(/\d/g, (digit) => LETTERS[Number(digit)] ?? '');

/** Milliseconds since a stamp. */
export const sinceStamp = (text: string): number => (sharedNow() - Number(text.replaceAll(/[a-j]/g, (letter) => String(LETTERS.indexOf(letter))))) / 1_000;

const sharedNow = (): number => Number(process.hrtime.bigint() / 1_000n);
