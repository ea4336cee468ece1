import { Fragment, type ReactNode } from 'react';
import classes from './markdown.module.css';
import { type Block, blocksOf } from './markdown-blocks.ts';

const INLINE = /(\*\*[^*]+\*\*|\*[^*\s][^*]*\*|`[^`]+`|\[[^\]]+\]\(https?:\/\/[^)\s]+\))/g;

/** Help text in the Markdown that node types use. It builds elements, never HTML. */
export function Markdown({ text }: { text: string }) {
  return (
    <div className={classes.markdown}>
      {blocksOf(text).map((block, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the text is fixed, and its blocks have no identity but their place
        <BlockView key={index} block={block} />
      ))}
    </div>
  );
}

function BlockView({ block }: { block: Block }) {
  switch (block.kind) {
    case 'heading':
      return <h3>{inline(block.text)}</h3>;
    case 'code':
      return <pre>{block.text}</pre>;
    case 'list':
      return (
        <ul>
          {each(block.items, (item) => (
            <li>{inline(item)}</li>
          ))}
        </ul>
      );
    case 'table':
      return (
        <table>
          <thead>
            <tr>
              {each(block.head, (cell) => (
                <th>{inline(cell)}</th>
              ))}
            </tr>
          </thead>
          <tbody>
            {each(block.rows, (row) => (
              <tr>
                {each(row, (cell) => (
                  <td>{inline(cell)}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      );
    case 'text':
      return <p>{inline(block.text)}</p>;
  }
}

function each<T>(items: readonly T[], draw: (item: T) => ReactNode): ReactNode {
  // biome-ignore lint/suspicious/noArrayIndexKey: as above
  return items.map((item, index) => <Fragment key={index}>{draw(item)}</Fragment>);
}

function inline(text: string): ReactNode {
  return each(text.split(INLINE), (part) => {
    if (part.startsWith('**') && part.length > 4) return <b>{part.slice(2, -2)}</b>;
    if (part.startsWith('`') && part.length > 2) return <code>{part.slice(1, -1)}</code>;
    if (part.startsWith('*') && part.length > 2) return <i>{part.slice(1, -1)}</i>;
    const link = /^\[([^\]]+)\]\((\S+)\)$/.exec(part);
    if (!link) return part;
    return (
      <a href={link[2]} target="_blank" rel="noreferrer noopener">
        {link[1]}
      </a>
    );
  });
}
