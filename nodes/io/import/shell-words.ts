/* Splits a command as a POSIX shell does, without running anything in it. */

const WHOLE = /\s/;

/** The words of a command. Throws if a quote is not closed. */
export function shellWords(command: string): string[] {
  const words: string[] = [];
  let word: string | undefined;
  let at = 0;
  while (at < command.length) {
    const sign = command.charAt(at);
    if (sign === '\\') {
      // A line break after a backslash continues the line.
      const next = /^\\\r?\n/.exec(command.slice(at, at + 3))?.[0];
      if (next === undefined) word = (word ?? '') + command.charAt(at + 1);
      at += next?.length ?? 2;
    } else if (sign === "'" || sign === '"') {
      const isAnsi = sign === "'" && word?.endsWith('$') === true;
      const { text, end } = quoted(command, at, isAnsi ? 'ansi' : sign === '"' ? 'double' : 'single');
      word = (isAnsi ? (word ?? '').slice(0, -1) : (word ?? '')) + text;
      at = end;
    } else if (WHOLE.test(sign)) {
      if (word !== undefined) words.push(word);
      word = undefined;
      at += 1;
    } else {
      word = (word ?? '') + sign;
      at += 1;
    }
  }
  return word === undefined ? words : [...words, word];
}

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', '0': '\0' };

function quoted(command: string, start: number, kind: 'single' | 'double' | 'ansi'): { text: string; end: number } {
  const quote = command.charAt(start);
  let text = '';
  for (let at = start + 1; at < command.length; at++) {
    const sign = command.charAt(at);
    if (sign === quote) return { text, end: at + 1 };
    if (sign !== '\\' || kind === 'single') {
      text += sign;
      continue;
    }
    const next = command.charAt(++at);
    const unicode = kind === 'ansi' && next === 'u' ? /^[0-9a-f]{4}/i.exec(command.slice(at + 1, at + 5))?.[0] : undefined;
    if (unicode) {
      text += String.fromCharCode(Number.parseInt(unicode, 16));
      at += 4;
    } else if (kind === 'ansi') text += ESCAPES[next] ?? next;
    else if (next !== '\n') text += '"\\$`'.includes(next) ? next : `\\${next}`;
  }
  throw new Error('A quote is not closed.');
}
