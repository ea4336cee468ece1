import { AppError } from '@switchyard/shared/errors.ts';
import { type FileFacts, FileHandle } from '@switchyard/shared/files/file-handle.ts';
import { cleanFileName, fileTypeOf } from '@switchyard/shared/files/file-type.ts';
import { describeBytes, MOST_FILE_BYTES, MOST_FILES, MOST_FILES_BYTES } from '@switchyard/shared/files/limits.ts';

/** A file that has arrived and is not stored yet. It is validated like any file, and has no ID. */
export class UploadedFile extends FileHandle {
  readonly #content: Uint8Array;

  constructor(name: string, content: Uint8Array, facts: Pick<FileFacts, 'type'> = { type: fileTypeOf(content, name) }) {
    super({ name: cleanFileName(name), ...facts, bytes: content.length, id: '' });
    this.#content = content;
  }

  get content(): Uint8Array {
    return this.#content;
  }

  override renamed(name: string): UploadedFile {
    return new UploadedFile(name, this.#content, { type: this.type });
  }
}

/** Throws `too-large` for files that are too many or too large. Says which, and what the limit is. */
export function demandFewFiles(files: readonly UploadedFile[]): void {
  if (files.length > MOST_FILES) throw tooLarge(`The request has ${files.length} files. The limit is ${MOST_FILES}.`, MOST_FILES);
  const large = files.find(({ bytes }) => bytes > MOST_FILE_BYTES);
  if (large)
    throw tooLarge(`The file “${large.name}” is ${describeBytes(large.bytes)}. The limit is ${describeBytes(MOST_FILE_BYTES)} per file.`, MOST_FILE_BYTES);
  const total = files.reduce((sum, { bytes }) => sum + bytes, 0);
  if (total > MOST_FILES_BYTES) throw tooLarge(`The files total ${describeBytes(total)}. The limit is ${describeBytes(MOST_FILES_BYTES)}.`, MOST_FILES_BYTES);
}

const tooLarge = (message: string, limit: number): AppError => new AppError('too-large', message, { details: { limit } });
