/** The number of steps with repetitions written out. A match takes this times the text's length. Linear in the pattern's length. */
export function stepsOf(source: string): number {
  const outer: number[] = [];
  let steps = 0;
  let last = 0;
  for (let at = 0; at < source.length; at++) {
    const character = source[at];
    const repeated = character === '{' ? repetition(source, at) : undefined;
    if (character === '(') {
      outer.push(steps);
      steps = 0;
    } else if (character === ')') {
      last = steps;
      steps += outer.pop() ?? 0;
    } else if (repeated) {
      steps += last * (repeated.times - 1);
      last *= repeated.times;
      at += repeated.length - 1;
    } else {
      if (character === '\\') at++;
      else if (character === '[') at = endOfClass(source, at);
      last = 1;
      steps++;
    }
  }
  return outer.reduce((sum, before) => sum + before, steps);
}

const REPETITION = /\{(\d{1,9})(?:,(\d{0,9}))?\}/y;

function repetition(source: string, at: number): { readonly times: number; readonly length: number } | undefined {
  REPETITION.lastIndex = at;
  const [text, least = '', most = ''] = REPETITION.exec(source) ?? [];
  return text === undefined ? undefined : { times: Math.max(1, Number(most || least)), length: text.length };
}

/** Where the character class that starts at `start` ends. */
function endOfClass(source: string, start: number): number {
  let at = source[start + 1] === '^' ? start + 2 : start + 1;
  if (source[at] === ']') at++;
  for (; at < source.length && source[at] !== ']'; at++) if (source[at] === '\\') at++;
  return at;
}
