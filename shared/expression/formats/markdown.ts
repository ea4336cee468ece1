import MarkdownIt from 'markdown-it';
import { ExpressionFault } from '../expression-fault.ts';
import { visit } from '../metering/meter.ts';

/** Some texts take this many times as long per character as visiting an element. */
const VISITS_PER_CHARACTER = 2;

/** HTML within Markdown is escaped, and links to scripts are left as text, so the result is safe to show. */
const markdown = new MarkdownIt({ html: false, linkify: false, typographer: false, maxNesting: 50 });

/** Without limits: only for where its time is limited otherwise. */
export const renderMarkdown = (text: string): string => markdown.render(text).trim();

export function markdownToHtml(text: string): string {
  visit(VISITS_PER_CHARACTER * text.length);
  try {
    return renderMarkdown(text);
  } catch (cause) {
    throw new ExpressionFault(`markdownToHtml() can’t read this text: ${cause instanceof Error ? cause.message : String(cause)}`);
  }
}
