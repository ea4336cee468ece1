import { createCodePool } from '../code/code-pool.ts';
import { createDocumentPool } from '../documents/document-pool.ts';

/** Work that other threads do. None of them starts before it is needed. */
export function createThreads() {
  const code = createCodePool();
  const documents = createDocumentPool();
  return {
    code,
    documents,
    close: (): void => {
      code.close();
      documents.close();
    },
  };
}
