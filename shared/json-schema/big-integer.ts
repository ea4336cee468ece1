import { isBigIntegerText } from '../json.ts';

/** Compares two integers written in digits, in linear time. Negative, 0, or positive. */
function compareIntegers(one: string, other: string): number {
  const [isBelow, isOtherBelow] = [one.startsWith('-'), other.startsWith('-')];
  if (isBelow !== isOtherBelow) return isBelow ? -1 : 1;
  const sign = isBelow ? -1 : 1;
  if (one.length !== other.length) return sign * (one.length - other.length);
  return one === other ? 0 : one > other ? sign : -sign;
}

/** Compares an integer written in digits with a limit, which may also be written in digits (S79). Exact. */
export function compareDigits(digits: string, limit: unknown): number {
  if (isBigIntegerText(limit)) return compareIntegers(digits, limit);
  const whole = Math.floor(Number(limit));
  const order = compareIntegers(digits, BigInt(whole).toString());
  return order === 0 && whole !== limit ? -1 : order;
}

/** Whether a number, or an integer written in digits, is a multiple of `divisor`, up to the rounding of fractions. */
export function isMultiple(value: number | string, divisor: number): boolean {
  if (typeof value === 'string') return Number.isSafeInteger(divisor) ? remainder(value, BigInt(divisor)) === 0n : true;
  const quotient = value / divisor;
  return value % divisor === 0 || Math.abs(quotient - Math.round(quotient)) <= Math.abs(quotient) * 2 ** -51;
}

const AT_ONCE = 15;

/** The remainder of a long integer, in time linear in its digits. */
function remainder(digits: string, divisor: bigint): bigint {
  let rest = 0n;
  const bare = digits.replace(/^-/, '');
  for (let at = 0; at < bare.length; at += AT_ONCE) {
    const part = bare.slice(at, at + AT_ONCE);
    rest = (rest * 10n ** BigInt(part.length) + BigInt(part)) % divisor;
  }
  return rest;
}
