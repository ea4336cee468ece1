/*
 * Collects text with the line breaks of blocks. Space is collapsed as browsers do, breaks of nested blocks don’t add up, and none are left
 * at the start and end.
 */

export interface TextLines {
  /** Adds text in which any space is one space. */
  write(text: string): void;
  /** Adds text as it is. */
  writeVerbatim(text: string): void;
  /** Begins a list item. The text that follows is on the same line. */
  mark(marker: string): void;
  /** The next text begins on a new line, after a blank one if `lines` is 2. */
  breakLine(lines?: 1 | 2): void;
  /** Like `breakLine`, but a second one leaves a blank line. */
  wrap(): void;
  text(): string;
}

export function createTextLines(): TextLines {
  const parts: string[] = [];
  /** Goes before the next text. */
  let between = '';
  let isMarked = false;

  const add = (text: string): void => {
    if (text === '') return;
    if (parts.length > 0) parts.push(between);
    parts.push(text);
    between = '';
    isMarked = false;
  };
  const breakLine = (lines: 1 | 2 = 1): void => {
    const breaks = '\n'.repeat(lines);
    if (!isMarked && !between.startsWith(breaks)) between = breaks;
  };
  const space = (): void => {
    if (between === '') between = ' ';
  };
  return {
    write(text) {
      const words = text.replaceAll(/[ \t\r\n\f\u00a0]+/g, ' ');
      if (words.startsWith(' ')) space();
      add(words.trim());
      if (words.endsWith(' ')) space();
    },
    writeVerbatim: add,
    mark(marker) {
      breakLine();
      add(marker);
      between = ' ';
      isMarked = true;
    },
    breakLine,
    wrap: () => breakLine(between.startsWith('\n') ? 2 : 1),
    text: () => parts.join(''),
  };
}
