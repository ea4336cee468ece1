import { Parser } from 'htmlparser2';
import { ExpressionFault } from '../expression-fault.ts';
import { visit } from '../metering/meter.ts';

/** Reading this many characters takes as long as visiting an element. */
const CHARACTERS_PER_VISIT = 24;
/** Closing an element may look through all open ones, so their number is limited. */
const DEEPEST = 300;

const HIDDEN = new Set(['head', 'script', 'style', 'template', 'noscript', 'svg', 'iframe', 'object', 'select', 'textarea']);
/** Elements with an empty line around them. */
const BLOCKS = new Set(['p', 'h1', 'h2', 'h3', 'h4', 'h5', 'h6', 'ul', 'ol', 'dl', 'table', 'pre', 'blockquote', 'hr', 'figure', 'form']);
/** Elements on a line of their own. */
const LINES = new Set(['div', 'li', 'tr', 'dt', 'dd', 'section', 'article', 'header', 'footer', 'main', 'nav', 'aside', 'address', 'figcaption', 'option']);

/** Collects text. White space is collapsed, except in `pre`. */
class Writer {
  readonly #pieces: string[] = [];
  /** Line breaks to write before the next text. */
  #breaks = 0;
  #space = false;
  #isEmpty = true;

  breakLines(count: number): void {
    this.#breaks = Math.max(this.#breaks, count);
    this.#space = false;
  }

  /** A line break that is always written. */
  newLine(): void {
    this.#breaks++;
    this.#space = false;
  }

  write(text: string, isPreformatted: boolean): void {
    const collapsed = isPreformatted ? text : text.replace(/[ \t\r\n\f]+/g, ' ');
    if (collapsed === ' ') {
      this.#space = this.#breaks === 0;
      return;
    }
    if (collapsed === '') return;
    const startsNew = this.#isEmpty || this.#breaks > 0;
    if (!this.#isEmpty) this.#pieces.push('\n'.repeat(Math.min(this.#breaks, 2)));
    if (this.#space && !startsNew && !collapsed.startsWith(' ')) this.#pieces.push(' ');
    this.#pieces.push(startsNew && !isPreformatted ? collapsed.trimStart() : collapsed);
    this.#breaks = 0;
    this.#space = false;
    this.#isEmpty = false;
  }

  get text(): string {
    return this.#pieces
      .join('')
      .replaceAll('\u00A0', ' ')
      .split('\n')
      .map((line) => line.trimEnd())
      .join('\n')
      .trim();
  }
}

/** The text that a reader of the page sees, with paragraphs, line breaks, and list items. Never executes or loads anything. */
export function htmlToText(html: string): string {
  visit(Math.floor(html.length / CHARACTERS_PER_VISIT));
  const writer = new Writer();
  const open: string[] = [];
  const lists: number[] = [];
  let hidden = 0;
  let preformatted = 0;
  const edge = (name: string): void => (BLOCKS.has(name) ? writer.breakLines(2) : LINES.has(name) ? writer.breakLines(1) : undefined);
  const parser = new Parser({
    onattribute: () => visit(1),
    onopentag(name) {
      visit(1);
      open.push(name);
      if (open.length > DEEPEST) throw new ExpressionFault(`htmlToText() got elements nested more than ${DEEPEST} levels deep`);
      if (HIDDEN.has(name)) hidden++;
      if (name === 'pre') preformatted++;
      edge(name);
      if (name === 'br') writer.newLine();
      else if (name === 'ul' || name === 'ol') lists.push(name === 'ol' ? 1 : 0);
      else if (name === 'li' && hidden === 0) writer.write(marker(lists), true);
      else if ((name === 'td' || name === 'th') && hidden === 0) writer.write(' ', false);
    },
    ontext(text) {
      visit(1);
      if (hidden === 0) writer.write(text, preformatted > 0);
    },
    onclosetag(name) {
      open.pop();
      if (HIDDEN.has(name)) hidden--;
      if (name === 'pre') preformatted--;
      if (name === 'ul' || name === 'ol') lists.pop();
      edge(name);
    },
  });
  parser.end(html);
  return writer.text;
}

/** What a list item starts with. Counts the items of a numbered list. */
function marker(lists: number[]): string {
  const at = lists.length - 1;
  const number = lists[at] ?? 0;
  const indent = '  '.repeat(Math.min(Math.max(at, 0), 20));
  if (number === 0) return `${indent}- `;
  lists[at] = number + 1;
  return `${indent}${number}. `;
}
