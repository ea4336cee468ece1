import { unzipSync, zipSync } from 'fflate';
import { tooLarge, unreadable } from '../fault.ts';

/*
 * Opens the zip archives that Office documents are, within limits. The readers of documents get a new archive with only what was taken out
 * here, so none can be led to inflate anything else.
 */

const MOST_ENTRIES = 10_000;
const MOST_BYTES = 100 * 1024 * 1024;

export type Entries = Readonly<Record<string, Uint8Array>>;

/** The names of the files in an archive. */
export function namesIn(content: Uint8Array): string[] {
  const names: string[] = [];
  unzipped(content, (name) => {
    names.push(name);
    return false;
  });
  return names;
}

/** The XML files in an archive. A file that is larger than it declares is cut off there, so it takes no more memory than was counted. */
export function unpackXml(content: Uint8Array): Entries {
  let bytes = 0;
  return unzipped(content, (name, size) => {
    if (!/\.(?:xml|rels)$/i.test(name)) return false;
    bytes += size;
    if (bytes > MOST_BYTES) throw tooLarge(`The document decompresses to more than ${MOST_BYTES / 1024 / 1024} MB. Split it into smaller files.`);
    return true;
  });
}

/** An archive of these files, without compression. */
export const repack = (entries: Entries): Uint8Array<ArrayBuffer> => zipSync({ ...entries }, { level: 0 });

function unzipped(content: Uint8Array, takes: (name: string, size: number) => boolean): Entries {
  let entries = 0;
  try {
    return unzipSync(content, {
      filter: ({ name, size, originalSize }) => {
        if (++entries > MOST_ENTRIES) throw tooLarge(`The document has more than ${MOST_ENTRIES} parts.`);
        return takes(name, Math.max(size, originalSize));
      },
    });
  } catch (thrown) {
    // Faults of this module have no code of the library.
    if (thrown instanceof Error && 'code' in thrown)
      throw unreadable('The document is damaged. Open it in the program that made it, and save it again.', thrown);
    throw thrown;
  }
}
