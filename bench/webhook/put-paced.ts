import { join } from 'node:path';
import { resultOf } from '../process/forked.ts';
import type { PacedResult } from './paced.ts';

/** Sends requests to a URL at a fixed rate for some seconds, from another process; see paced.ts. Throws if any response was wrong, or if there were few. */
export async function putPaced(url: string, rate: number, seconds: number): Promise<PacedResult> {
  const result = await resultOf<PacedResult>(join(import.meta.dirname, 'paced.ts'), [url, rate, seconds]);
  if (result.wrong !== null) throw new Error(`A response of ${url} was wrong: ${result.wrong}`);
  if (result.replies < seconds) throw new Error(`${url} sent only ${result.replies} responses.`);
  return result;
}
