import { ExpressionFault } from '../expression-fault.ts';
import { visit } from '../metering/meter.ts';
import { readHtml } from './html.ts';

/** Reading this many characters takes as long as visiting an element. */
const CHARACTERS_PER_VISIT = 24;
const DEEPEST = 300;

/** The text that a reader of the page sees, with paragraphs, line breaks, list items, and tabs between cells. Never executes or loads anything. */
export function htmlToText(html: string): string {
  visit(Math.floor(html.length / CHARACTERS_PER_VISIT));
  return readHtml(html, {
    visit: () => visit(1),
    deepest: DEEPEST,
    tooDeep: () => new ExpressionFault(`htmlToText() got elements nested more than ${DEEPEST} levels deep`),
  }).text;
}
