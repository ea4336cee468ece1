import type { ReadRows, ReadText, RowOptions } from '@switchyard/nodes/sdk/documents.ts';

/*
 * Messages between the pool and a worker. Contents are moved, not copied. Rows travel as JSON in parts, so the server’s thread never parses
 * much at a time.
 */

export type DocumentJob =
  | { readonly kind: 'text'; readonly content: Uint8Array<ArrayBuffer> }
  | { readonly kind: 'rows'; readonly content: Uint8Array<ArrayBuffer>; readonly options: RowOptions }
  | { readonly kind: 'csv'; readonly parts: readonly string[]; readonly columns: readonly string[]; readonly separator: string }
  | { readonly kind: 'json'; readonly json: string }
  | { readonly kind: 'html'; readonly markdown: string; readonly title: string };

/** Why a document can’t be read or made, and what to do. */
export interface DocumentFault {
  readonly code: 'no-text' | 'unreadable-file' | 'too-large';
  readonly message: string;
}

export interface DocumentOutputs {
  readonly text: ReadText;
  /** The rows came before, in parts. */
  readonly rows: Omit<ReadRows, 'rows'>;
  readonly content: Uint8Array<ArrayBuffer>;
}
export type OutputKind = keyof DocumentOutputs;
export type DocumentOutput = { [K in OutputKind]: { readonly kind: K; readonly value: DocumentOutputs[K] } }[OutputKind];

export type FromWorker =
  /** `json` is a list of rows. */
  | { readonly kind: 'part'; readonly json: string }
  | { readonly kind: 'done'; readonly output: DocumentOutput }
  | { readonly kind: 'failed'; readonly fault: DocumentFault };
