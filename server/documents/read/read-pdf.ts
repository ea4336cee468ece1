import { MOST_CHARACTERS, MOST_PAGES, type ReadText } from '@switchyard/nodes/sdk/documents.ts';
import { getDocumentProxy } from 'unpdf';
import { noText, unreadable } from '../fault.ts';
import { type PlacedText, readingOrder } from './reading-order.ts';

type Document = Awaited<ReturnType<typeof getDocumentProxy>>;
type Page = Awaited<ReturnType<Document['getPage']>>;

/** The text of a PDF, page by page, in lines from top to bottom. */
export async function readPdf(content: Uint8Array, mostPages = MOST_PAGES): Promise<ReadText> {
  const document = await opened(content);
  const pages: string[] = [];
  let characters = 0;
  const last = Math.min(document.numPages, mostPages);
  for (let number = 1; number <= last && characters <= MOST_CHARACTERS; number++) {
    const page = await document.getPage(number);
    const text = readingOrder([...(await textsOf(page)), ...(await formValuesOf(page))]);
    page.cleanup();
    characters += text.length;
    if (text !== '') pages.push(text);
  }
  if (pages.length === 0) {
    throw noText('The PDF has no text. It is probably a scan: let a model read it as a file in a Prompt node, or add text recognition before this step.');
  }
  return { text: pages.join('\n\n'), pages: document.numPages, truncated: last < document.numPages };
}

async function opened(content: Uint8Array): Promise<Document> {
  try {
    return await getDocumentProxy(content, { verbosity: 0, disableFontFace: true, useSystemFonts: false, enableXfa: false });
  } catch (thrown) {
    const isEncrypted = thrown instanceof Error && thrown.name === 'PasswordException';
    throw isEncrypted
      ? unreadable('The PDF is encrypted. Remove its password, and save it again.', thrown)
      : unreadable('The PDF is damaged. Open it in a PDF program, and save it again.', thrown);
  }
}

async function textsOf(page: Page): Promise<PlacedText[]> {
  const { items } = await page.getTextContent();
  return items.flatMap((item) => {
    if (!('str' in item) || item.str === '') return [];
    const [a, b, c, d, x, y] = item.transform as [number, number, number, number, number, number];
    return [{ text: item.str, x, y, width: item.width, size: Math.hypot(c, d) || item.height, angle: Math.atan2(b, a) }];
  });
}

interface Field {
  readonly fieldType?: string;
  readonly fieldValue?: unknown;
  readonly rect?: readonly [number, number, number, number];
  readonly checkBox?: boolean;
  readonly radioButton?: boolean;
  readonly exportValue?: string;
  readonly buttonValue?: string;
  readonly hidden?: boolean;
}

/** How high a line of a form is at most. */
const FIELD_SIZE = 12;

/** What was filled into the form of a page. */
async function formValuesOf(page: Page): Promise<PlacedText[]> {
  const annotations = (await page.getAnnotations()) as readonly Field[];
  return annotations.flatMap((field) => {
    const text = field.hidden ? '' : fieldText(field);
    if (text === '' || !field.rect) return [];
    const [left, bottom, right, top] = field.rect;
    const size = Math.min(FIELD_SIZE, Math.abs(top - bottom));
    return [{ text, x: Math.min(left, right), y: (top + bottom - size) / 2, width: Math.abs(right - left), size, angle: 0 }];
  });
}

function fieldText({ fieldType, fieldValue, checkBox, radioButton, exportValue, buttonValue }: Field): string {
  if (fieldType === 'Btn') {
    if (!checkBox && !radioButton) return '';
    const isOn = fieldValue === (checkBox ? exportValue : buttonValue);
    return isOn ? '[x]' : '[ ]';
  }
  if (Array.isArray(fieldValue)) return fieldValue.filter((value) => typeof value === 'string').join(', ');
  return typeof fieldValue === 'string' ? fieldValue : '';
}
