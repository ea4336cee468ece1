import type { HtmlContent } from '@switchyard/shared/expression/formats/html.ts';
import mammoth from 'mammoth';
import { readPage } from './read-markup.ts';
import { repack, unpackXml } from './unpack.ts';

/** The text and tables of a Word document. Images, headers, and footers are left out, and so are deleted changes. */
export async function readDocx(content: Uint8Array): Promise<HtmlContent> {
  const { value } = await mammoth.convertToHtml(
    { buffer: Buffer.from(repack(unpackXml(content))) },
    { convertImage: mammoth.images.imgElement(async () => ({ src: '' })), includeEmbeddedStyleMap: false, externalFileAccess: false },
  );
  return readPage(value);
}
