import type { DocumentPool } from '../documents/document-pool.ts';
import type { EnginePorts } from '../engine/ports.ts';

/** Works on documents in worker threads. Workflows take turns. */
export const documentPorts = (pool: DocumentPool): EnginePorts['documents'] => ({
  readText: (content, { workflowId, signal }) => pool.readText(content, { group: workflowId, signal }),
  readRows: (content, options, { workflowId, signal }) => pool.readRows(content, options, { group: workflowId, signal }),
  write: (request, { workflowId, signal }) => pool.write(request, { group: workflowId, signal }),
});
