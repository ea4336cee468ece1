import { readJson } from '@switchyard/shared/read-json.ts';

/** The server’s limit. A larger file is not sent. */
const MAX_BYTES = 10_000_000;

/** The value in a chosen file: a workflow or prompts. Throws an error with a message for the user. */
export async function readJsonFile(file: File, what: 'workflow' | 'prompt'): Promise<unknown> {
  if (file.size > MAX_BYTES) throw new Error(`The file is ${Math.ceil(file.size / 1_000_000)} MB. A ${what} file can be at most ${MAX_BYTES / 1_000_000} MB.`);
  try {
    return readJson(await file.text());
  } catch {
    throw new Error(`Not a ${what} file. Choose one created with “${what === 'workflow' ? 'Export file”, or downloaded from n8n.' : 'Export prompts”.'}`);
  }
}
