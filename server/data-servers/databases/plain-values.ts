/* Values of databases as JSON. Integers beyond 2^53 become text with the same digits (S79). */

const INTEGER = /^-?\d+$/;

/** A number in decimal: as a number if that keeps all its digits, otherwise as text. */
export function plainNumber(text: string): number | string {
  const number = Number(text);
  if (INTEGER.test(text)) return Number.isSafeInteger(number) ? number : text;
  return Number.isFinite(number) && sameDigits(text, number) ? number : text;
}

/** `1.50` and 1.5 are the same, `0.1234567890123456789` and its double are not. */
const sameDigits = (text: string, number: number): boolean => {
  const plain = /^-?\d+\.\d+$/.test(text) ? text.replace(/0+$/, '').replace(/\.$/, '') : text;
  return String(number) === plain.replace(/^(-?)0+(?=\d)/, '$1');
};
