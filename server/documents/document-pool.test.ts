import { deflateSync } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import { createDocumentPool } from './document-pool.ts';
import { LIMITS } from './document-thread.ts';
import { bytes, docxOf, INVOICE, paragraph, pdfOf, xlsxOf } from './documents.fixture.ts';

const pool = createDocumentPool({ size: 1 });
afterAll(() => pool.close());

const place = { group: 'a' };
const rows = (text: string) => pool.readRows(bytes(text), { hasHeader: true }, place);

describe('a thread', () => {
  it('reads text and rows', async () => {
    expect(await pool.readText(pdfOf([INVOICE]), place)).toMatchObject({ text: expect.stringContaining('Desk lamp\t2\t39.90'), pages: 1, truncated: false });
    expect(await rows('a;b\n1;2')).toEqual({ columns: ['a', 'b'], rows: [{ a: '1', b: '2' }], truncated: false });
  });

  it('passes on why it can’t, and reads the next', async () => {
    await expect(pool.readText(pdfOf([[]]), place)).rejects.toMatchObject({ code: 'no-text' });
    await expect(pool.readText(bytes('%PDF-1.7'), place)).rejects.toMatchObject({ code: 'unreadable-file' });
    expect(await pool.readText(bytes('x'), place)).toEqual({ text: 'x', truncated: false });
  });

  it('keeps rows in order, and stops after the most characters', async () => {
    const read = await rows(`n,text\n${Array.from({ length: 3_000 }, (_, at) => `${at},${'x'.repeat(5_000)}`).join('\n')}`);
    expect(read.truncated).toBe(true);
    expect(read.rows.length).toBeGreaterThan(1_500);
    expect(read.rows.every(({ n }, at) => n === String(at))).toBe(true);
  });

  it('stops for a signal', async () => {
    const reason = new Error('stop');
    const controller = new AbortController();
    const reading = pool.readText(bytes('x'), { ...place, signal: controller.signal });
    controller.abort(reason);
    await expect(reading).rejects.toBe(reason);
    expect(await pool.readText(bytes('y'), place)).toMatchObject({ text: 'y' });
  });
});

const SHEET = '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>';

describe('hostile files', () => {
  /** An archive that declares another size of a file after inflating than it has. */
  function declaring(content: Uint8Array, name: string, size: number): Uint8Array {
    // The directory, at the end of the archive, has the size 22 bytes before the name.
    new DataView(content.buffer).setUint32(Buffer.from(content).lastIndexOf(name) - 22, size, true);
    return content;
  }

  it('that inflate too far are rejected by what they declare', async () => {
    const content = declaring(docxOf(paragraph('x'), { 'word/styles.xml': '<a/>' }), 'word/styles.xml', 101 * 1024 * 1024);
    await expect(pool.readText(content, place)).rejects.toMatchObject({
      code: 'too-large',
      message: 'The document decompresses to more than 100 MB. Split it into smaller files.',
    });
  });

  it('that declare less than they inflate to are cut off there', async () => {
    const content = docxOf(paragraph('x'), { 'docProps/app.xml': ' '.repeat(500_000), 'word/styles.xml': `<a>${' '.repeat(500_000)}</a>` });
    expect(await pool.readText(declaring(content, 'docProps/app.xml', 10), place)).toMatchObject({ text: 'x' });
    await expect(pool.readText(declaring(content, 'word/styles.xml', 10), place)).rejects.toMatchObject({ code: 'unreadable-file' });
  });

  const bomb = () => {
    const stream = deflateSync(Buffer.alloc(300 * 1024 * 1024), { level: 1 }).toString('latin1');
    return pdfOf([INVOICE], { objects: [`<< /Length ${stream.length} /Filter /FlateDecode >>\nstream\n${stream}\nendstream`], page: '/Contents 4 0 R' });
  };
  /** Its reader adds an empty row for each that is missing. */
  const farRow = () =>
    xlsxOf({ A: [['x']] }, { 'xl/worksheets/sheet1.xml': `${SHEET}<row r="1000000000"><c r="A1000000000"><v>2</v></c></row></sheetData></worksheet>` });

  it.each([
    ['outside the heap', bomb, { outsideBytes: 40 * 1024 * 1024 }],
    ['in the heap', farRow, { heapBytes: 60 * 1024 * 1024 }],
  ])('that need more memory %s than they may end with their thread, not with the server', async (_, content, most) => {
    const strict = createDocumentPool({ size: 1, limits: { ...LIMITS, ...most } });
    await expect(strict.readText(content(), place)).rejects.toMatchObject({ code: 'too-large', message: expect.stringContaining('exceeded the memory limit') });
    expect(await strict.readText(bytes('x'), place)).toMatchObject({ text: 'x' });
    strict.close();
  });

  it('that take too long end with their thread', async () => {
    const strict = createDocumentPool({ size: 1, limits: { ...LIMITS, timeoutMs: 300 } });
    await expect(strict.readText(bytes('<p>'.repeat(3_000_000)), place)).rejects.toMatchObject({
      code: 'too-large',
      message: expect.stringContaining('0.3 s'),
    });
    strict.close();
  });

  it.each([
    ['XML', '<a>'.repeat(100_000), 'unreadable-file'],
    ['HTML', `<table>${'<b>'.repeat(100_000)}`, 'too-large'],
    ['JSON', '['.repeat(1_000_000), 'too-large'],
  ])('with deeply nested %s are rejected', async (_, text, code) => {
    await expect(rows(text)).rejects.toMatchObject({ code });
  });
});

describe('files that are made', () => {
  const text = async (...[request]: Parameters<typeof pool.write> extends [infer R, ...unknown[]] ? [R] : never) =>
    new TextDecoder('utf-8', { ignoreBOM: true }).decode(await pool.write(request, place));

  it('are CSV with the columns that occur, or those asked for', async () => {
    const list = [
      { a: 1, b: 'x;"y"' },
      { a: null, c: [1] },
    ];
    expect(await text({ format: 'csv', rows: list, columns: [], separator: 'semicolon' })).toBe('\ufeffa;b;c\r\n1;"x;""y""";\r\n;;[1]\r\n');
    expect(await text({ format: 'csv', rows: list, columns: ['c', 'a'], separator: 'comma' })).toBe('\ufeffc,a\r\n,1\r\n[1],\r\n');
    expect(
      await text({
        format: 'csv',
        rows: [
          ['h', 'i'],
          [1, 2],
        ],
        columns: [],
        separator: 'comma',
      }),
    ).toBe('\ufeffh,i\r\n1,2\r\n');
  });

  it('have no formulas in CSV, and keep numbers', async () => {
    const cells = ['=1+1', '+cmd|x', '-2+3', '@SUM(A1)', '-5', '+49 40 123', -7];
    expect(await text({ format: 'csv', rows: cells.map((v) => ({ v })), columns: [], separator: 'comma' })).toBe(
      `\ufeffv\r\n"'=1+1"\r\n"'+cmd|x"\r\n"'-2+3"\r\n"'@SUM(A1)"\r\n-5\r\n+49 40 123\r\n-7\r\n`,
    );
  });

  it('are JSON with indents', async () => {
    expect(await text({ format: 'json', value: { a: [1] } })).toBe('{\n  "a": [\n    1\n  ]\n}\n');
  });

  it('are pages without anything that runs', async () => {
    const page = await text({ format: 'html', markdown: '# Hi\n\n<script>alert(1)</script> [x](javascript:alert(1))\n\n| a |\n|---|\n| 1 |', title: 'A <b>' });
    expect(page).toContain('<title>A &lt;b></title>');
    expect(page).toContain('<h1>Hi</h1>');
    expect(page).toContain('&lt;script&gt;alert(1)&lt;/script&gt; [x](javascript:alert(1))');
    expect(page).toContain('<td>1</td>');
  });

  it('have at most 100,000 rows', async () => {
    await expect(pool.write({ format: 'csv', rows: Array(100_001).fill(1), columns: [], separator: 'comma' }, place)).rejects.toMatchObject({
      code: 'too-large',
    });
  });
});

it('rejects jobs once it is closed', async () => {
  const closed = createDocumentPool();
  closed.close();
  await expect(closed.readText(bytes('x'), place)).rejects.toMatchObject({ code: 'cancelled' });
});
