import { Parser } from 'htmlparser2';
import { type Cells, createTables } from './html-tables.ts';
import { createTextLines } from './text-lines.ts';

/*
 * The readable text of HTML, and its tables. Reads tag by tag without building a tree, executes and loads nothing, and leaves out what a browser
 * doesn’t show.
 */

export interface HtmlContent {
  readonly text: string;
  /** Those without tables in them, or all if each has some. */
  readonly tables: readonly Cells[];
}

export interface HtmlLimits {
  /** Called for each tag, attribute, and text, before the work. May throw. */
  readonly visit?: () => void;
  /** How deep elements may nest. Closing one may look through all open ones. */
  readonly deepest: number;
  /** The error for deeper ones. */
  tooDeep(): Error;
}

const words = (list: string): ReadonlySet<string> => new Set(list.split(' '));
const UNSEEN = words('head script style template noscript svg math iframe object canvas audio video select datalist textarea');
/** Elements on a line of their own. */
const LINES = words('div li tr dt dd section article header footer main nav aside address figcaption caption details summary fieldset');
/** Elements with an empty line around them. */
const BLOCKS = words('p h1 h2 h3 h4 h5 h6 ul ol dl table pre blockquote hr figure form');

const isHidden = ({ hidden, style = '' }: Readonly<Record<string, string>>): boolean =>
  hidden !== undefined || /\bdisplay\s*:\s*none|\bvisibility\s*:\s*hidden/i.test(style);

const DEEPEST_INDENT = 20;

export function readHtml(html: string, { visit = () => {}, deepest, tooDeep }: HtmlLimits): HtmlContent {
  const tables = createTables();
  /** The next number of each open list; 0 for bullets. */
  const lists: number[] = [];
  const whole = createTextLines();
  let lines = whole;
  let depth = 0;
  let unseen = 0;
  let verbatim = 0;

  const breakAround = (name: string): void => {
    if (BLOCKS.has(name)) lines.breakLine(2);
    else if (LINES.has(name)) lines.breakLine();
  };
  const open: Readonly<Record<string, (attributes: Readonly<Record<string, string>>) => void>> = {
    br: () => lines.wrap(),
    img: ({ alt = '' }) => lines.write(alt),
    ul: () => void lists.push(0),
    ol: () => void lists.push(1),
    li: () => lines.mark(marker(lists)),
    pre: () => void verbatim++,
    table: () => tables.begin(lines),
    tr: () => {
      lines = tables.beginRow(lines);
    },
    td: ({ colspan }) => {
      lines = tables.beginCell(lines, colspan);
    },
  };
  const close: Readonly<Record<string, () => void>> = {
    ul: () => void lists.pop(),
    ol: () => void lists.pop(),
    pre: () => void verbatim--,
    table: () => {
      lines = tables.end(lines);
    },
    tr: () => {
      lines = tables.endRow(lines);
    },
    td: () => {
      lines = tables.endCell(lines);
    },
  };
  const parser = new Parser({
    onattribute: visit,
    onopentag(name, attributes) {
      visit();
      if (++depth > deepest) throw tooDeep();
      if (unseen > 0 || UNSEEN.has(name) || isHidden(attributes)) {
        unseen++;
        return;
      }
      breakAround(name);
      handlerOf(open, name)?.(attributes);
    },
    ontext(text) {
      visit();
      if (unseen > 0) return;
      if (verbatim > 0) lines.writeVerbatim(text);
      else lines.write(text);
    },
    onclosetag(name) {
      depth--;
      if (unseen > 0) {
        unseen--;
        return;
      }
      handlerOf(close, name)?.();
      breakAround(name);
    },
  });
  parser.end(html);
  return { text: whole.text(), tables: tables.all() };
}

const handlerOf = <T>(handlers: Readonly<Record<string, T>>, name: string): T | undefined => {
  const known = name === 'th' ? 'td' : name;
  return Object.hasOwn(handlers, known) ? handlers[known] : undefined;
};

/** What a list item starts with. Counts the items of a numbered list. */
function marker(lists: number[]): string {
  const at = lists.length - 1;
  const number = lists[at] ?? 0;
  const indent = '  '.repeat(Math.min(Math.max(at, 0), DEEPEST_INDENT));
  if (number === 0) return `${indent}-`;
  lists[at] = number + 1;
  return `${indent}${number}.`;
}
