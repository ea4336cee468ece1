/*
 * Texts placed on a page, as lines in the order a person reads them. A PDF only says where each text is. A table, such as that of an
 * invoice, is read row by row, with a tab between columns. Columns of prose are read one after the other.
 */

/** A text that begins at `x` on the baseline `y`. `y` grows upwards. */
export interface PlacedText {
  readonly text: string;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  /** Of its font. */
  readonly size: number;
  /** In radians. */
  readonly angle: number;
}

/** Texts next to each other on one line. */
interface Segment {
  readonly left: number;
  readonly right: number;
  readonly y: number;
  readonly size: number;
  readonly text: string;
}
/** The segments of one baseline, from left to right. */
type Line = readonly Segment[];

/** Relative to the size of the font: how far baselines of one line are apart, and the gaps between words and columns. */
const SAME_LINE = 0.4;
const WORD_GAP = 0.15;
const COLUMN_GAP = 0.6;
const PARAGRAPH_GAP = 1.8;

const QUARTER = Math.PI / 2;

/** The text of a page. Texts of another direction follow those of the main one. */
export function readingOrder(texts: readonly PlacedText[]): string {
  const turned = Map.groupBy(texts, ({ angle }) => ((Math.round(angle / QUARTER) % 4) + 4) % 4);
  const groups = [...turned].map(([quarters, group]) => group.map((text) => upright(text, quarters)));
  const charactersOf = (group: readonly PlacedText[]): number => group.reduce((sum, { text }) => sum + text.length, 0);
  const blocks = groups.toSorted((one, other) => charactersOf(other) - charactersOf(one)).map((group) => read(linesOf(group)));
  return blocks.filter((block) => block !== '').join('\n\n');
}

/** The text as if the page were turned so that it is horizontal. */
function upright(text: PlacedText, quarters: number): PlacedText {
  const { x, y } = text;
  const [across, up] = (
    [
      [x, y],
      [y, -x],
      [-x, -y],
      [-y, x],
    ] as const
  )[quarters as 0 | 1 | 2 | 3];
  return { ...text, x: across, y: up };
}

function linesOf(texts: readonly PlacedText[]): Line[] {
  const lines: PlacedText[][] = [];
  let line: PlacedText[] = [];
  let first: PlacedText | undefined;
  for (const text of texts.toSorted((one, other) => other.y - one.y)) {
    if (text.text.trim() === '') continue;
    if (!first || first.y - text.y > SAME_LINE * Math.max(first.size, text.size)) {
      line = [];
      lines.push(line);
      first = text;
    }
    line.push(text);
  }
  return lines.map(segmentsOf);
}

/** Joins texts that follow each other, with a space where there is a gap. */
function segmentsOf(texts: readonly PlacedText[]): Line {
  const segments: Segment[] = [];
  for (const { text, x, y, width, size } of texts.toSorted((one, other) => one.x - other.x)) {
    const before = segments.at(-1);
    const gap = before ? x - before.right : Number.POSITIVE_INFINITY;
    // The same text again in the same place makes it look bold.
    if (before && gap < -width / 2 && before.text.endsWith(text)) continue;
    const em = Math.max(size, before?.size ?? 0);
    if (!before || gap > COLUMN_GAP * em) {
      segments.push({ left: x, right: x + width, y, size, text });
      continue;
    }
    const isApart = gap > WORD_GAP * em && !/\s$/.test(before.text) && !/^\s/.test(text);
    segments[segments.length - 1] = { ...before, right: Math.max(before.right, x + width), size: em, text: before.text + (isApart ? ' ' : '') + text };
  }
  return segments;
}

/** Letters of scripts that are written from right to left. */
const RIGHT_TO_LEFT = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]/;

const lineText = (line: Line): string => {
  const inOrder = line.some(({ text }) => RIGHT_TO_LEFT.test(text)) ? line.toReversed() : line;
  return inOrder.map(({ text }) => text.trim()).join('\t');
};

function read(lines: readonly Line[]): string {
  const gutter = gapOf(lines)?.middle;
  if (gutter === undefined || !bandsOf(lines, gutter).some((band) => sidesOf(band, gutter).every(isProse))) return readBlocks(lines);
  return bandsOf(lines, gutter)
    .flatMap((band) => readBand(band, gutter))
    .join('\n\n');
}

/** Blocks are separated by a blank line, where the distance is large. */
function readBlocks(lines: readonly Line[]): string {
  const blocks: Line[][] = [];
  let before: Segment | undefined;
  for (const line of lines) {
    const [first] = line;
    if (!before || !first || before.y - first.y > PARAGRAPH_GAP * Math.max(before.size, first.size)) blocks.push([]);
    before = first;
    blocks.at(-1)?.push(line);
  }
  return blocks.map(readBlock).join('\n\n');
}

/** Row by row, except where two blocks are side by side, such as the address and the date of a letter. */
function readBlock(block: readonly Line[]): string {
  const gap = gapOf(block);
  if (gap?.crossings !== 0 || !isSideBySide(block, gap)) return block.map(lineText).join('\n');
  return sidesOf(block, gap.middle).map(readBlocks).join('\n\n');
}

/** How far apart blocks side by side are, relative to the size of the font. */
const BLOCK_GAP = 3;
/** The rows of a table have cells on both sides. Lines of blocks are on one baseline only by chance, for example one in four. */
const SHARED_LINES = 4;

function isSideBySide(block: readonly Line[], { middle, width }: Gap): boolean {
  const [left, right] = sidesOf(block, middle);
  const size = block.flat().reduce((most, segment) => Math.max(most, segment.size), 0);
  const shared = left.length + right.length - block.length;
  const fewer = Math.min(left.length, right.length);
  return fewer >= 2 && SHARED_LINES * shared <= fewer && width >= BLOCK_GAP * size;
}

const crosses = (line: Line, at: number): boolean => line.some(({ left, right }) => left < at && right > at);

/** Runs of lines that all cross the gutter, or all don't. */
function bandsOf(lines: readonly Line[], gutter: number): Line[][] {
  const bands: Line[][] = [];
  let isAcross: boolean | undefined;
  for (const line of lines) {
    if (crosses(line, gutter) !== isAcross) bands.push([]);
    isAcross = crosses(line, gutter);
    bands.at(-1)?.push(line);
  }
  return bands;
}

function readBand(band: readonly Line[], gutter: number): string[] {
  const [left, right] = sidesOf(band, gutter);
  return isProse(left) && isProse(right) ? [read(left), read(right)] : [readBlocks(band)];
}

function sidesOf(lines: readonly Line[], gutter: number): [left: Line[], right: Line[]] {
  const side = (isOn: (segment: Segment) => boolean): Line[] => lines.map((line) => line.filter(isOn)).filter((line) => line.length > 0);
  return [side(({ right }) => right <= gutter), side(({ right }) => right > gutter)];
}

const PROSE_LINES = 4;
const PROSE_CHARACTERS = 25;

/** Lines of prose fill their column. Those of a table have a few short cells. */
const isProse = (lines: readonly Line[]): boolean => {
  const characters = lines.reduce((sum, line) => sum + line.reduce((most, { text }) => Math.max(most, text.length), 0), 0);
  return lines.length >= PROSE_LINES && characters / lines.length >= PROSE_CHARACTERS;
};

/** How finely a gutter is looked for, and where: not at the edges. */
const STRIPS = 200;
const EDGE = 33;

/** A vertical strip between columns. */
interface Gap {
  readonly middle: number;
  readonly width: number;
  /** How many texts cross it. */
  readonly crossings: number;
}

/** The widest vertical strip that the fewest texts cross. */
function gapOf(lines: readonly Line[]): Gap | undefined {
  const segments = lines.flat();
  const left = segments.reduce((least, segment) => Math.min(least, segment.left), Number.POSITIVE_INFINITY);
  const strip = (segments.reduce((most, { right }) => Math.max(most, right), Number.NEGATIVE_INFINITY) - left) / STRIPS;
  if (!(strip > 0)) return undefined;
  const counts = new Array<number>(STRIPS).fill(0);
  for (const segment of segments) {
    const end = Math.min(STRIPS, Math.ceil((segment.right - left) / strip));
    for (let at = Math.max(0, Math.floor((segment.left - left) / strip)); at < end; at++) counts[at] = (counts[at] ?? 0) + 1;
  }
  const inside = counts.slice(EDGE, STRIPS - EDGE);
  const crossings = Math.min(...inside);
  const { from, to } = longestRun(inside, (count) => count === crossings);
  return { middle: left + (EDGE + (from + to) / 2) * strip, width: (to - from) * strip, crossings };
}

/** The longest run of values that fit, as positions of its start and end. */
function longestRun(values: readonly number[], fits: (value: number) => boolean): { from: number; to: number } {
  let longest = { from: 0, to: 0 };
  let from = 0;
  for (const [at, value] of values.entries()) {
    if (!fits(value)) from = at + 1;
    else if (at + 1 - from > longest.to - longest.from) longest = { from, to: at + 1 };
  }
  return longest;
}
