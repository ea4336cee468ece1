/*
 * A file as values contain it (S74): its name, type, size, and ID, never its contents or a path. Only the server makes handles. They are
 * recognized by a private brand, so data that only has the same keys is data.
 */

export interface FileFacts {
  readonly name: string;
  /** Media type, found from the content. */
  readonly type: string;
  readonly bytes: number;
  /** Identifies the contents within the workspace. */
  readonly id: string;
}

export class FileHandle implements FileFacts {
  readonly name: string;
  readonly type: string;
  readonly bytes: number;
  readonly id: string;
  readonly #isHandle = true;

  constructor({ name, type, bytes, id }: FileFacts) {
    this.name = name;
    this.type = type;
    this.bytes = bytes;
    this.id = id;
    if (new.target === FileHandle) Object.freeze(this);
  }

  static is(value: unknown): value is FileHandle {
    return typeof value === 'object' && value !== null && #isHandle in value && value.#isHandle;
  }

  /** The same contents under another name. */
  renamed(name: string): FileHandle {
    return new FileHandle({ ...this.toJSON(), name });
  }

  /** Its description as plain data, which gives no access. */
  toJSON(): FileFacts {
    return { name: this.name, type: this.type, bytes: this.bytes, id: this.id };
  }
}

/** Whether a value is a file, by its brand. */
export const isFileHandle = (value: unknown): value is FileHandle => FileHandle.is(value);
