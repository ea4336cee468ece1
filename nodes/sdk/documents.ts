/* Reading files and making them, as nodes ask for it. The work is done in worker threads, within limits. */

export interface RowOptions {
  /** The first row has the names of the columns. */
  readonly hasHeader: boolean;
  /** Of a spreadsheet: the name of the sheet. Without it, the first one that isn’t empty. */
  readonly sheet?: string | undefined;
}

export interface ReadText {
  readonly text: string;
  /** Of a PDF: how many pages it has. */
  readonly pages?: number;
  /** The file has more than the limits allow. */
  readonly truncated: boolean;
}

export interface ReadRows {
  readonly columns: readonly string[];
  readonly rows: readonly Readonly<Record<string, unknown>>[];
  /** Of a spreadsheet: the name of the sheet. */
  readonly sheet?: string;
  /** The file has more than the limits allow. */
  readonly truncated: boolean;
}

export const SEPARATORS = { comma: ',', semicolon: ';', tab: '\t' } as const;

/** The contents of a file to make. */
export type WriteRequest =
  | { readonly format: 'csv'; readonly rows: readonly unknown[]; readonly columns: readonly string[]; readonly separator: keyof typeof SEPARATORS }
  | { readonly format: 'json'; readonly value: unknown }
  | { readonly format: 'html'; readonly markdown: string; readonly title: string };

/**
 * Reads and makes the contents of files. The type of what is read is found from the content. Neither has an effect, so they are repeated where
 * other sub-steps are replayed.
 */
export interface DocumentAccess {
  /** Throws AppError `no-text`, `unreadable-file`, `too-large`. */
  readText(content: Uint8Array): Promise<ReadText>;
  /** Throws AppError `unreadable-file`, `too-large`. */
  readRows(content: Uint8Array, options: RowOptions): Promise<ReadRows>;
  /** Throws AppError `too-large`. */
  write(request: WriteRequest): Promise<Uint8Array>;
}

/** How many rows are read out of a file, or written into one. */
export const MOST_ROWS = 100_000;
/** How many pages of a PDF are read. */
export const MOST_PAGES = 500;
/** How many characters of text are read out of a file, or of its rows as JSON. */
export const MOST_CHARACTERS = 10_000_000;
