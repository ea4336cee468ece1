import { AppError } from '@switchyard/shared/errors.ts';
import { FileHandle } from '@switchyard/shared/files/file-handle.ts';
import { isTextType } from '@switchyard/shared/files/file-type.ts';
import { mapFiles } from '@switchyard/shared/files/stored-value.ts';
import { UploadedFile } from '../files/uploaded-file.ts';
import type { RunStarting } from '../runs/accept-run.ts';
import { orForgotten } from './ended-runs.ts';
import type { EnteredRun } from './enter-run.ts';
import { redactorOf } from './enter-run.ts';
import type { PolicyInForce } from './policy-library.ts';
import type { RunRedactor } from './run-redactor.ts';

/**
 * Stores the files that a run starts with: after this, its input has handles (S74). A text file that its policy doesn't accept is refused; no
 * other redaction of contents is possible (S65). Throws `redaction-refused`.
 */
export async function enterFiles(context: RunStarting, policy: PolicyInForce | undefined, workflowId: string, entered: EnteredRun): Promise<EnteredRun> {
  const { id, trigger, seal } = entered;
  const uploads = uploadsIn(trigger.body);
  if (uploads.length === 0) return entered;
  const store = async (): Promise<EnteredRun> => {
    const stored = new Map<FileHandle, FileHandle>();
    for (const upload of uploads) {
      const { name, type, bytes, content } = upload;
      if (policy) await refuseText(redactorOf(context, policy, { runId: id ?? '', workflowId }), upload);
      const sealed = seal && id !== undefined ? { seal, by: id } : undefined;
      stored.set(upload, new FileHandle({ name, type, bytes, id: await context.payloads.files.keep(context.workspaceId, content, sealed) }));
    }
    return { ...entered, trigger: { ...trigger, body: mapFiles(trigger.body, (file) => stored.get(file) ?? file) } };
  };
  return id === undefined ? store() : orForgotten(context, id, store);
}

function uploadsIn(body: unknown): UploadedFile[] {
  const found: UploadedFile[] = [];
  mapFiles(body, (file) => {
    if (file instanceof UploadedFile) found.push(file);
    return file;
  });
  return found;
}

/** Throws `redaction-refused` if a text file contains what the policy refuses. */
export async function refuseText(
  redactor: Pick<RunRedactor, 'shown'>,
  { name, type, content }: Pick<UploadedFile, 'name' | 'type' | 'content'>,
): Promise<void> {
  if (!isTextType(type)) return;
  try {
    await redactor.shown(new TextDecoder(encodingOf(content)).decode(content));
  } catch (thrown) {
    if (!(thrown instanceof AppError) || thrown.code !== 'redaction-refused') throw thrown;
    throw new AppError('redaction-refused', `In the file “${name}”: ${thrown.message}`, {
      fields: thrown.fields,
      details: { ...thrown.details },
      cause: thrown,
    });
  }
}

/** UTF-16 by its mark, UTF-8 otherwise. */
const encodingOf = ([first, second]: Uint8Array): string =>
  first === 0xff && second === 0xfe ? 'utf-16le' : first === 0xfe && second === 0xff ? 'utf-16be' : 'utf-8';
