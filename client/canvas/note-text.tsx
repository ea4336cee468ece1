import { Fragment, type ReactNode } from 'react';

/*
 * The small part of Markdown that notes use: paragraphs, headings, lists, **bold**, *italic*, `code`, links. It builds elements,
 * never HTML, so nothing in a note can become markup.
 */

const INLINE = /(\*\*[^*]+\*\*|\*[^*\s][^*]*\*|`[^`]+`|\[[^\]]+\]\([^)\s]+\))/g;

function inline(text: string): ReactNode[] {
  return text.split(INLINE).map((part, index) => {
    const key = `${index} ${part}`;
    if (part.startsWith('**') && part.endsWith('**') && part.length > 4) return <b key={key}>{part.slice(2, -2)}</b>;
    if (part.startsWith('`') && part.endsWith('`') && part.length > 2) return <code key={key}>{part.slice(1, -1)}</code>;
    if (part.startsWith('*') && part.endsWith('*') && part.length > 2) return <i key={key}>{part.slice(1, -1)}</i>;
    const link = /^\[([^\]]+)\]\((https?:\/\/[^)\s]+)\)$/.exec(part);
    if (link) {
      return (
        <a key={key} href={link[2]} target="_blank" rel="noreferrer noopener" className="nodrag">
          {link[1]}
        </a>
      );
    }
    return <Fragment key={key}>{part}</Fragment>;
  });
}

/** One paragraph or list of a note. */
export interface Block {
  readonly kind: 'text' | 'heading' | 'list';
  readonly lines: string[];
}

/** Splits a note into paragraphs, headings and lists. */
export function blocksOf(text: string): Block[] {
  const blocks: Block[] = [];
  let open: Block | undefined;
  for (const line of text.split('\n')) {
    const item = /^\s*[-*] (.*)$/.exec(line);
    const heading = /^#{1,4} (.*)$/.exec(line);
    const kind = item ? 'list' : heading ? 'heading' : 'text';
    const words = item?.[1] ?? heading?.[1] ?? line;
    if (line.trim() === '') open = undefined;
    else if (open?.kind === kind && kind !== 'heading') open.lines.push(words);
    else {
      open = { kind, lines: [words] };
      blocks.push(open);
    }
  }
  return blocks;
}

export function NoteText({ text }: { text: string }) {
  return blocksOf(text).map((block, index) => {
    const key = `${index} ${block.kind}`;
    if (block.kind === 'list')
      return (
        <ul key={key}>
          {block.lines.map((line, at) => (
            <li key={`${at} ${line}`}>{inline(line)}</li>
          ))}
        </ul>
      );
    if (block.kind === 'heading')
      return (
        <p key={key}>
          <b>{inline(block.lines[0] ?? '')}</b>
        </p>
      );
    return (
      <p key={key}>
        {block.lines.map((line, at) => (
          <Fragment key={`${at} ${line}`}>
            {at > 0 && <br />}
            {inline(line)}
          </Fragment>
        ))}
      </p>
    );
  });
}
