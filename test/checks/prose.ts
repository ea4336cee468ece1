/** A line of text that people read: a comment, a string, text between tags, or a line of Markdown outside code. */
export interface Prose {
  /** Starts at 1. */
  readonly line: number;
  readonly text: string;
}

/** The prose of a file, line by line, without code. Approximate where a regular expression contains quotes. */
export function proseOf(file: string, source: string): Prose[] {
  if (file.endsWith('.md')) return proseOfMarkdown(source);
  const marked = markProse(source);
  const lines = source.split('\n');
  let offset = 0;
  return lines.flatMap((text, index) => {
    const start = offset;
    offset += text.length + 1;
    const prose = [...text].map((_, column) => (marked[start + column] ? text[column] : ' ')).join('');
    const between = file.endsWith('.tsx') ? textBetweenTags(text) : '';
    const read = `${prose} ${between}`;
    return read.trim() === '' ? [] : [{ line: index + 1, text: read }];
  });
}

function proseOfMarkdown(source: string): Prose[] {
  let inCode = false;
  return source.split('\n').flatMap((text, index) => {
    if (/^\s*(```|~~~)/.test(text)) inCode = !inCode;
    return inCode || /^ {4}/.test(text) ? [] : [{ line: index + 1, text: text.replaceAll(/`[^`]*`/g, '``') }];
  });
}

/** The JSX text on one line: what follows a tag, or a whole line of text. */
function textBetweenTags(line: string): string {
  const between = [...line.matchAll(/>([^<>{}=;()]+)(?=[<{]|$)/g)].map((match) => match[1]);
  const own = /^\s+([A-Z][\w’,.“”  -]+)$/.exec(line)?.[1] ?? '';
  return [...between, own].join(' ');
}

const MODULE_PATH = /^(\.{1,2}\/|@switchyard\/|node:)/;

/** Marks for each character whether it is part of a comment or a string. */
function markProse(source: string): Uint8Array {
  const marked = new Uint8Array(source.length);
  const templates: number[] = [];
  let at = 0;
  const mark = (end: number): void => {
    marked.fill(1, at, end);
    at = end;
  };
  while (at < source.length) {
    const two = source.slice(at, at + 2);
    const one = source[at];
    if (two === '//') mark(endOf(source, '\n', at));
    else if (two === '/*') mark(endOf(source, '*/', at));
    else if (one === "'" || one === '"') {
      const end = endOfQuote(source, at);
      if (MODULE_PATH.test(source.slice(at + 1, end))) at = end;
      else mark(end);
    } else if (one === '`' || (one === '}' && templates.at(-1) === 0)) {
      if (one === '}') templates.pop();
      const end = endOfTemplatePart(source, at + 1);
      if (source[end - 1] === '{') templates.push(0);
      mark(end);
    } else {
      const depth = templates.at(-1);
      if (depth !== undefined && one === '{') templates[templates.length - 1] = depth + 1;
      if (depth !== undefined && one === '}') templates[templates.length - 1] = depth - 1;
      at++;
    }
  }
  return marked;
}

function endOf(source: string, mark: string, from: number): number {
  const found = source.indexOf(mark, from + 1);
  return found < 0 ? source.length : found + mark.length;
}

/** The end of a quoted string, or of the line if the quote is never closed. */
function endOfQuote(source: string, from: number): number {
  for (let at = from + 1; at < source.length; at++) {
    if (source[at] === '\\') at++;
    else if (source[at] === source[from]) return at + 1;
    else if (source[at] === '\n') return from + 1;
  }
  return source.length;
}

/** The end of a template literal's text: after the closing backtick, or after the next `${`. */
function endOfTemplatePart(source: string, from: number): number {
  for (let at = from; at < source.length; at++) {
    if (source[at] === '\\') at++;
    else if (source[at] === '`') return at + 1;
    else if (source[at] === '$' && source[at + 1] === '{') return at + 2;
  }
  return source.length;
}
