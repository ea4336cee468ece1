/**
 * The line, from 1, of a quote at the start of a CSV field that nothing closes, so it would contain the rest of the text. Undefined if there is
 * none. Linear, like reading.
 */
export function unclosedQuote(text: string, separator: string): number | undefined {
  let line = 1;
  let opened: number | undefined;
  let isAtStart = true;
  for (let at = 0; at < text.length; at++) {
    const character = text[at];
    if (character === '\n' || (character === '\r' && text[at + 1] !== '\n')) line++;
    if (opened !== undefined) {
      if (character !== '"') continue;
      // Two quotes are one in the text.
      if (text[at + 1] === '"') at++;
      else opened = undefined;
      isAtStart = false;
    } else if (character === '"' && isAtStart) opened = line;
    else isAtStart = character === separator || character === '\n' || character === '\r';
  }
  return opened;
}
