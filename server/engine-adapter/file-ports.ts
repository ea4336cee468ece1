import type { NewFile } from '@switchyard/nodes/sdk/context.ts';
import { AppError } from '@switchyard/shared/errors.ts';
import { FileHandle } from '@switchyard/shared/files/file-handle.ts';
import { cleanFileName, fileTypeOf } from '@switchyard/shared/files/file-type.ts';
import { describeBytes, MOST_FILE_BYTES } from '@switchyard/shared/files/limits.ts';
import type { SendHttp } from '../egress/egress-port.ts';
import type { CallPlace, EnginePorts } from '../engine/ports.ts';
import type { Chat } from '../models/chat-port.ts';
import type { Secrets } from '../secrets/secrets.ts';
import { openSealedFile, sealOf } from '../services/policies/run-seal.ts';
import type { Payloads } from '../store/payloads.ts';
import type { Store } from '../store/port.ts';
import { chatWithFiles } from './chat-files.ts';

interface World {
  readonly store: Store;
  readonly payloads: Payloads;
  readonly secrets: Pick<Secrets, 'open'>;
}

export type SendRaw = (request: Parameters<SendHttp>[0], options: Parameters<EnginePorts['http']>[1] & Parameters<SendHttp>[1]) => ReturnType<SendHttp>;

type Ports = Pick<EnginePorts, 'readFile' | 'keepFile'> & {
  /** Sends a request with its files, and stores the one in its response. */
  http(send: SendRaw): EnginePorts['http'];
  /** Calls a model with its files. */
  chat(chat: Chat): EnginePorts['chat'];
};

/** Contents of files (S74). Those of a run with logging `metadata` are encrypted with its key, or with that of its outermost parent. */
export function filePorts({ store, payloads, secrets }: World): Ports {
  const read = (workspaceId: string, file: FileHandle) => payloads.files.read(workspaceId, file, openSealedFile(store.in(workspaceId), secrets));
  const sealFor = async (workspaceId: string, { runId, rootId }: Pick<CallPlace, 'runId' | 'rootId'>) => {
    for (const by of new Set([rootId, runId])) {
      const seal = await sealOf(store.in(workspaceId), secrets, by);
      if (seal) return { by, seal };
    }
    return undefined;
  };
  const keep = async (workspaceId: string, place: Pick<CallPlace, 'runId' | 'rootId'>, { name, content }: NewFile): Promise<FileHandle> => {
    demandFits(name, content.length);
    const id = await payloads.files.keep(workspaceId, content, await sealFor(workspaceId, place));
    return new FileHandle({ name: cleanFileName(name), type: fileTypeOf(content, name), bytes: content.length, id });
  };
  return {
    readFile: ({ workspaceId }, file) => read(workspaceId, file),
    keepFile: ({ workspaceId, runId, parent }, file) => keep(workspaceId, { runId, rootId: parent?.rootId ?? runId }, file),
    chat: (chat) => chatWithFiles(chat, read),
    http: (send) => async (request, options) => {
      const { workspaceId, place } = options;
      const { answer, record } = await send(request, { ...options, contentOf: (file) => read(workspaceId, file) });
      const { content, ...rest } = answer;
      return { answer: { ...rest, ...(content && { file: await keep(workspaceId, place, content) }) }, record };
    },
  };
}

/** Throws `too-large` for a file over the limit. */
function demandFits(name: string, bytes: number): void {
  if (bytes <= MOST_FILE_BYTES) return;
  throw new AppError('too-large', `The file “${cleanFileName(name)}” is ${describeBytes(bytes)}. The limit is ${describeBytes(MOST_FILE_BYTES)}.`, {
    details: { maxBytes: MOST_FILE_BYTES },
  });
}
