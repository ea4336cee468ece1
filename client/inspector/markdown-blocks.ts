/** A block of Markdown: the few kinds that help texts use. */
export type Block =
  | { readonly kind: 'text' | 'heading' | 'code'; readonly text: string }
  | { readonly kind: 'list'; readonly items: readonly string[] }
  | { readonly kind: 'table'; readonly head: readonly string[]; readonly rows: readonly (readonly string[])[] };

const FENCE = /^```\w*\n([\s\S]*?)\n```$/gm;
const cells = (line: string): string[] =>
  line
    .replace(/^\||\|$/g, '')
    .split('|')
    .map((cell) => cell.trim());

/** Splits a text into its blocks. */
export function blocksOf(text: string): Block[] {
  const blocks: Block[] = [];
  let at = 0;
  for (const fence of text.matchAll(FENCE)) {
    blocks.push(...plainBlocks(text.slice(at, fence.index)), { kind: 'code', text: fence[1] ?? '' });
    at = fence.index + fence[0].length;
  }
  return [...blocks, ...plainBlocks(text.slice(at))];
}

const plainBlocks = (text: string): Block[] => text.split(/\n\s*\n/).flatMap((part) => (part.trim() === '' ? [] : paragraph(part.trim())));

function paragraph(text: string): Block[] {
  const lines = text.split('\n');
  if (/^#{1,4} /.test(text)) {
    const [first = '', ...rest] = lines;
    return [{ kind: 'heading', text: first.replace(/^#+ /, '') }, ...plainBlocks(rest.join('\n'))];
  }
  if (lines.length > 1 && /^\|?[\s:|-]+\|?$/.test(lines[1] ?? '') && lines[0]?.includes('|')) {
    return [{ kind: 'table', head: cells(lines[0] ?? ''), rows: lines.slice(2).map(cells) }];
  }
  const firstItem = lines.findIndex((line) => /^\s*[-*] /.test(line));
  if (firstItem === -1) return [{ kind: 'text', text: lines.join(' ') }];
  const items: string[] = [];
  for (const line of lines.slice(firstItem)) {
    if (/^\s*[-*] /.test(line)) items.push(line.replace(/^\s*[-*] /, ''));
    else items.push(`${items.pop()} ${line.trim()}`);
  }
  return [...(firstItem > 0 ? [{ kind: 'text' as const, text: lines.slice(0, firstItem).join(' ') }] : []), { kind: 'list', items }];
}
