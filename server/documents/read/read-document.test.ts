import { MOST_ROWS, type ReadRows } from '@switchyard/nodes/sdk/documents.ts';
import { describe, expect, it } from 'vitest';
import { bytes, docxOf, INVOICE, paragraph, pdfOf, table, xlsxOf } from '../documents.fixture.ts';
import { DocumentError } from '../fault.ts';
import { readRows, readText } from './read-document.ts';
import { readPdf } from './read-pdf.ts';

const asBytes = (content: string | Uint8Array): Uint8Array => (typeof content === 'string' ? bytes(content) : content);

const textOf = async (content: string | Uint8Array): Promise<string> => (await readText(asBytes(content))).text;
const rowsOf = (content: string | Uint8Array, more: { hasHeader?: boolean; sheet?: string } = {}): Promise<ReadRows> =>
  readRows(asBytes(content), { hasHeader: true, ...more });
const faultOf = (reading: Promise<unknown>) =>
  reading.then(
    () => 'it was read',
    (thrown: unknown) => (thrown instanceof DocumentError ? thrown.fault : thrown),
  );

describe('CSV', () => {
  it.each([
    ['commas', 'name,age\nAda,36\n'],
    ['semicolons', 'name;age\nAda;36\n'],
    ['tabs', 'name\tage\nAda\t36\n'],
    ['Windows line breaks and a byte order mark', '\ufeffname,age\r\nAda,36\r\n'],
    ['a line that names the separator', 'sep=;\nname;age\nAda;36\n'],
    ['blank lines', '\nname,age\n,\nAda,36\n\n'],
  ])('is read with %s', async (_, csv) => {
    expect(await rowsOf(csv)).toEqual({ columns: ['name', 'age'], rows: [{ name: 'Ada', age: '36' }], truncated: false });
  });

  it('keeps separators, quotes, and line breaks in quotes', async () => {
    expect((await rowsOf('a,b\n"x, ""y""","1\n2"\n')).rows).toEqual([{ a: 'x, "y"', b: '1\n2' }]);
  });

  it('names columns that have no name or the same one, and fills short rows', async () => {
    expect(await rowsOf('id,,id\n1,2,3,4\n5')).toMatchObject({
      columns: ['id', 'column_2', 'id_2', 'column_4'],
      rows: [
        { id: '1', column_2: '2', id_2: '3', column_4: '4' },
        { id: '5', column_2: '', id_2: '', column_4: '' },
      ],
    });
  });

  it('has numbered columns without a header', async () => {
    expect((await rowsOf('1;2\n3;4', { hasHeader: false })).rows).toEqual([
      { column_1: '1', column_2: '2' },
      { column_1: '3', column_2: '4' },
    ]);
  });

  it('is refused with the line of a quote that nothing closes', async () => {
    expect(await faultOf(rowsOf('a,b\n1,"2\n3,4\n'))).toEqual({ code: 'unreadable-file', message: 'A quote on line 2 is never closed.' });
    expect(await faultOf(rowsOf('sep=;\na;b\n1;"2\n'))).toMatchObject({ message: 'A quote on line 3 is never closed.' });
  });

  it('keeps a column called __proto__ as data', async () => {
    expect(JSON.stringify((await rowsOf('__proto__,a\nx,1')).rows)).toBe('[{"__proto__":"x","a":"1"}]');
  });

  it('has at most as many columns as Excel', async () => {
    expect(await faultOf(rowsOf(`${','.repeat(16_384)}x`))).toEqual({ code: 'too-large', message: 'The table has more than 16,384 columns.' });
  });

  it('stops after the most rows, and says so', async () => {
    const { rows, truncated } = await rowsOf(`n\n${'1\n'.repeat(MOST_ROWS + 5)}`);
    expect([rows.length, truncated]).toEqual([MOST_ROWS, true]);
  });
});

describe('encodings', () => {
  it.each([
    ['UTF-8', Buffer.from('Größe €', 'utf8')],
    ['UTF-16 with a byte order mark', Buffer.from('\ufeffGröße €', 'utf16le')],
    ['Windows-1252', Buffer.from([0x47, 0x72, 0xf6, 0xdf, 0x65, 0x20, 0x80])],
  ])('%s is found from the bytes', async (_, content) => {
    expect(await textOf(new Uint8Array(content))).toBe('Größe €');
  });

  it('follows what a document declares', async () => {
    expect(await textOf(new Uint8Array(Buffer.from('<html><meta charset="windows-1251"><p>\u00cf\u00f0\u00e8\u00e2\u00e5\u00f2', 'latin1')))).toBe('Привет');
  });
});

describe('spreadsheets', () => {
  const workbook = xlsxOf({
    Empty: [],
    Orders: [
      ['id', 'when', 'paid', 'note'],
      [7, { date: 46_027 }, true, 'a & b'],
      [0.5, { date: 46_027.75 }, false, null],
      [8, { date: 0.25 }, null, 'late'],
    ],
    Other: [['x'], ['y']],
  });

  it('keep the types of cells, and show dates as ISO', async () => {
    expect(await rowsOf(workbook)).toEqual({
      columns: ['id', 'when', 'paid', 'note'],
      rows: [
        { id: 7, when: '2026-01-05', paid: true, note: 'a & b' },
        { id: 0.5, when: '2026-01-05T18:00:00', paid: false, note: null },
        { id: 8, when: '06:00:00', paid: null, note: 'late' },
      ],
      sheet: 'Orders',
      truncated: false,
    });
  });

  it('are read by the name of a sheet, or say which there are', async () => {
    expect(await rowsOf(workbook, { sheet: 'Other' })).toMatchObject({ rows: [{ x: 'y' }], sheet: 'Other' });
    expect(await faultOf(rowsOf(workbook, { sheet: 'Nope' }))).toEqual({
      code: 'unreadable-file',
      message: 'The workbook has no sheet “Nope”. It has “Empty”, “Orders”, “Other”.',
    });
  });

  it('are text with a line per row', async () => {
    expect(await textOf(workbook)).toBe(
      'Orders\n\nid\twhen\tpaid\tnote\n7\t2026-01-05\ttrue\ta & b\n0.5\t2026-01-05T18:00:00\tfalse\n8\t06:00:00\t\tlate\n\nOther\n\nx\ny',
    );
  });
});

describe('Word documents', () => {
  const document = docxOf(
    `${paragraph('Dear Ada,')}${table([
      ['Item', 'Price'],
      ['Lamp', '39.90'],
      ['Shelf', ''],
    ])}${paragraph('Kind regards')}`,
  );

  it('are text in lines, with tabs between cells', async () => {
    expect(await textOf(document)).toBe('Dear Ada,\n\nItem\tPrice\nLamp\t39.90\nShelf\n\nKind regards');
  });

  it('have rows if there is a table', async () => {
    expect((await rowsOf(document)).rows).toEqual([
      { Item: 'Lamp', Price: '39.90' },
      { Item: 'Shelf', Price: '' },
    ]);
    expect(await faultOf(rowsOf(docxOf(paragraph('No table'))))).toMatchObject({ message: 'The document has no table. Extract its text instead.' });
  });
});

describe('HTML', () => {
  it('is the text that a browser shows, in its lines', async () => {
    const page = `<!doctype html><html><head><title>T</title><style>p{}</style></head><body>
      <script>document.write('no')</script><h1>Order&nbsp;7</h1><p>Dear <b>Ada</b>,<br>thank   you.</p>
      <div style="display: none">hidden</div><p hidden>hidden</p><noscript>no</noscript>
      <ul><li>One</li><li><p>Two</p></li></ul><ol><li>First<li>Second</ol><img alt="Logo"><pre>a
  b</pre></body></html>`;
    expect(await textOf(page)).toBe('Order 7\n\nDear Ada,\nthank you.\n\n- One\n- Two\n\n1. First\n2. Second\n\nLogo\n\na\n  b');
  });

  it('has the rows of its largest table, not of the layout around it', async () => {
    const data = '<table><tr><th>Item<th>Price<tr><td>Lamp<td>39.90<tr><td colspan=2>Shelf</table>';
    const page = `<table><tr><td>Menu<td><table><tr><td>1</table>${data}<tr><td>a<tr><td>b<tr><td>c<tr><td>d</table>`;
    expect((await rowsOf(page)).rows).toEqual([
      { Item: 'Lamp', Price: '39.90' },
      { Item: 'Shelf', Price: '' },
    ]);
    expect(await textOf(data)).toBe('Item\tPrice\nLamp\t39.90\nShelf');
  });
});

describe('JSON', () => {
  it.each([
    ['a list of objects', '[{"a": 1}, {"b": [2]}]', [{ a: 1 }, { b: [2] }]],
    ['a list in an object', '{"page": {"tags": ["x"], "items": [{"a": 1}, {"a": 2}]}}', [{ a: 1 }, { a: 2 }]],
    ['an object', '{"a": 1}', [{ a: 1 }]],
    ['a list of values', '[1, "b"]', [{ value: 1 }, { value: 'b' }]],
    ['a list of lists', '[["a", "b"], [1, null]]', [{ a: 1, b: null }]],
    ['JSON Lines', '{"a": 1}\n{"a": 2}\n', [{ a: 1 }, { a: 2 }]],
    ['large integers', '[{"id": 12345678901234567890}]', [{ id: '12345678901234567890' }]],
  ])('with %s has rows', async (_, json, rows) => {
    expect((await rowsOf(json)).rows).toEqual(rows);
  });

  it('says what is wrong with it', async () => {
    expect(await faultOf(rowsOf('{"a": }'))).toMatchObject({ code: 'unreadable-file', message: expect.stringMatching(/^The file is not valid JSON: .+/) });
  });
});

describe('XML', () => {
  it('has its repeated elements as rows', async () => {
    const xml = '<?xml version="1.0"?><orders><day>Mon</day><order id="1"><item>Lamp</item></order><order id="2"><item>A</item><item>B</item></order></orders>';
    expect(await rowsOf(xml)).toMatchObject({
      columns: ['@id', 'item'],
      rows: [
        { '@id': '1', item: 'Lamp' },
        { '@id': '2', item: ['A', 'B'] },
      ],
    });
  });

  it('has one row if the element isn’t repeated', async () => {
    expect((await rowsOf('<orders><order id="1"><item>Lamp</item></order></orders>')).rows).toEqual([{ '@id': '1', item: 'Lamp' }]);
  });

  it('expands and loads no entities', async () => {
    expect((await rowsOf('<!DOCTYPE r SYSTEM "file:///etc/passwd"><r><x>&a;&amp;&#65;</x></r>')).rows).toEqual([{ x: '&a;&A' }]);
    const declared = '<!DOCTYPE r [<!ENTITY a "aaaa"><!ENTITY f SYSTEM "file:///etc/passwd">]><r><x>&a;&f;</x></r>';
    expect(await faultOf(rowsOf(declared))).toMatchObject({ code: 'unreadable-file' });
    expect(await textOf(declared)).toBe(declared);
  });

  it('says what is wrong with it', async () => {
    expect(await faultOf(rowsOf('<orders><b></orders>'))).toEqual({ code: 'unreadable-file', message: 'The file is not XML: <b> is not closed.' });
  });
});

describe('PDF', () => {
  it('is text in reading order, with the rows of a table as lines', async () => {
    expect(await textOf(pdfOf([INVOICE, [{ x: 50, y: 780, text: 'Page 2' }]]))).toBe(
      [
        'Nordlicht GmbH\tInvoice RE-2026-118',
        'Hafenstr. 7, 20457 Hamburg\tDate: 2026-01-05',
        '',
        'Item\tQuantity\tPrice',
        'Desk lamp\t2\t39.90',
        'Shelf, oak\t1\t120.00',
        '',
        'Total\t199.80 EUR',
        '',
        'Page 2',
      ].join('\n'),
    );
  });

  it('has what was filled into its form', async () => {
    const widget = (fields: string) => `<< /Type /Annot /Subtype /Widget ${fields} >>`;
    const objects = [
      widget('/FT /Tx /T (name) /V (Ada Lovelace) /Rect [120 695 300 710]'),
      widget('/FT /Btn /T (terms) /V /Yes /AS /Yes /Rect [120 682 130 692] /AP << /N << /Yes 3 0 R /Off 3 0 R >> >>'),
    ];
    const pdf = pdfOf(
      [
        [
          { x: 50, y: 700, text: 'Name' },
          { x: 50, y: 685, text: 'I accept' },
        ],
      ],
      { objects, page: '/Annots [4 0 R 5 0 R]' },
    );
    expect(await textOf(pdf)).toBe('Name\tAda Lovelace\nI accept\t[x]');
  });

  it('without text says so', async () => {
    expect(await faultOf(textOf(pdfOf([[]])))).toMatchObject({ code: 'no-text', message: expect.stringContaining('It is probably a scan') });
  });

  it('says whether it is encrypted or damaged, and that it has no rows', async () => {
    const key = `<${'00'.repeat(32)}>`;
    const encrypted = pdfOf([INVOICE], { trailer: `/ID [<00> <00>] /Encrypt << /Filter /Standard /V 1 /R 2 /P -4 /O ${key} /U ${key} >>` });
    expect(await faultOf(textOf(encrypted))).toMatchObject({
      code: 'unreadable-file',
      message: 'The PDF is encrypted. Remove its password, and save it again.',
    });
    expect(await faultOf(textOf('%PDF-1.7 and nothing'))).toMatchObject({ code: 'unreadable-file', message: expect.stringContaining('damaged') });
    expect(await faultOf(rowsOf(pdfOf([INVOICE])))).toMatchObject({ code: 'unreadable-file', message: expect.stringContaining('A PDF has no rows') });
  });

  it('is read up to the most pages', async () => {
    const pages = [1, 2, 3].map((number) => [{ x: 50, y: 700, text: `Page ${number}` }]);
    expect(await readPdf(pdfOf(pages), 2)).toEqual({ text: 'Page 1\n\nPage 2', pages: 3, truncated: true });
  });
});

describe('other files', () => {
  const start = (...codes: number[]) => new Uint8Array([...codes, 0, 0, 0, 0, 0, 0, 0, 0]);

  it.each([
    ['an image', start(0x89, 0x50, 0x4e, 0x47), 'The file is an image.'],
    ['an old Office document', start(0xd0, 0xcf, 0x11, 0xe0), 'The file is in an older Office format'],
    [
      'an encrypted Office document',
      new Uint8Array([...start(0xd0, 0xcf, 0x11, 0xe0), ...Buffer.from('EncryptedPackage', 'utf16le')]),
      'The document is encrypted.',
    ],
    ['an unknown type', start(1, 2), 'The file is of an unknown binary type.'],
    ['nothing', new Uint8Array(), 'The file is empty.'],
    ['half a zip archive', xlsxOf({ A: [['x']] }).slice(0, 200), 'The document is damaged.'],
  ])('with %s say what they are', async (_, content, message) => {
    expect(await faultOf(textOf(content))).toMatchObject({ code: 'unreadable-file', message: expect.stringContaining(message) });
  });

  it('with only space have no text', async () => {
    expect(await faultOf(textOf(' \n'))).toEqual({ code: 'no-text', message: 'The file has no text.' });
  });
});
