import type { DocumentFault } from './protocol.ts';

/** A document that can’t be read or made, with what to show. */
export class DocumentError extends Error {
  readonly fault: DocumentFault;
  constructor(code: DocumentFault['code'], message: string, cause?: unknown) {
    super(message, { cause });
    this.fault = { code, message };
  }
}

export const unreadable = (message: string, cause?: unknown): DocumentError => new DocumentError('unreadable-file', message, cause);
export const noText = (message: string): DocumentError => new DocumentError('no-text', message);
export const tooLarge = (message: string, cause?: unknown): DocumentError => new DocumentError('too-large', message, cause);
