import type { HttpAnswer, HttpRequest, NewFile } from '@switchyard/nodes/sdk/context.ts';
import type { FileHandle } from '@switchyard/shared/files/file-handle.ts';
import type { HttpCallRecord } from '@switchyard/shared/run/events.ts';

/** The engine's port for sending requests through the guarded egress. */
export type SendHttp = (
  request: HttpRequest,
  options: {
    readonly workspaceId: string;
    readonly signal: AbortSignal;
    readonly idempotencyKey: string;
    /** Reads a file of the request. */
    readonly contentOf: (file: FileHandle) => Promise<Uint8Array>;
  },
) => Promise<{ readonly answer: RawAnswer; readonly record: HttpCallRecord }>;

/** A response whose file, if one was wanted, is not stored yet. */
export type RawAnswer = Omit<HttpAnswer, 'file'> & { readonly content?: NewFile };
