import type { ConsoleLine } from '@switchyard/shared/run/events.ts';

/** Limits of the console of one evaluation. */
const MOST_LINES = 100;
const MOST_CHARACTERS = 20_000;
const LONGEST_LINE = 2_000;

/** Passes lines on until there are too many, then counts them. */
export function limitConsole(pass: (line: ConsoleLine) => void) {
  let [lines, characters, leftOut] = [0, 0, 0];
  return {
    print: (level: ConsoleLine['level'], whole: string): void => {
      const text = whole.length > LONGEST_LINE ? `${whole.slice(0, LONGEST_LINE)}…` : whole;
      if (lines >= MOST_LINES || characters + text.length > MOST_CHARACTERS) {
        leftOut++;
        return;
      }
      lines++;
      characters += text.length;
      pass({ level, text });
    },
    leftOut: (): number => leftOut,
  };
}
