/** Shorter texts are found by the built-in search, whose time grows with the product of both lengths. */
const SHORT = 16;

/** Whether a text contains another one, in time that grows with the sum of their lengths (Knuth, Morris, and Pratt, 1977). */
export function includesText(text: string, wanted: string): boolean {
  if (wanted.length <= SHORT) return text.includes(wanted);
  if (wanted.length > text.length) return false;
  const borders = bordersOf(wanted);
  let matched = 0;
  for (let at = 0; at < text.length; at++) {
    matched = continued(wanted, borders, matched, text.charCodeAt(at));
    if (matched === wanted.length) return true;
  }
  return false;
}

/** For each beginning of the text: how long its longest border is, a proper beginning that is also its end. */
function bordersOf(text: string): Int32Array {
  const borders = new Int32Array(text.length + 1);
  let border = 0;
  for (let at = 1; at < text.length; at++) {
    border = continued(text, borders, border, text.charCodeAt(at));
    borders[at + 1] = border;
  }
  return borders;
}

/** How much of the wanted text is matched after one more code unit. */
function continued(wanted: string, borders: Int32Array, matched: number, unit: number): number {
  let length = matched;
  while (length > 0 && wanted.charCodeAt(length) !== unit) length = borders[length] ?? 0;
  return wanted.charCodeAt(length) === unit ? length + 1 : 0;
}
