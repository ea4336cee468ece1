import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { LoadResult } from './load.ts';

const CONNECTIONS = 50;

/** Puts load on an address for some seconds, from another process. Throws when any reply was wrong, or when there was none. */
export async function putLoad(url: string, seconds: number): Promise<LoadResult> {
  const child = fork(join(import.meta.dirname, 'load.ts'), [url, String(CONNECTIONS), String(seconds)]);
  const [result] = (await Promise.race([once(child, 'message'), failure(child)])) as [LoadResult];
  if (result.wrong !== null) throw new Error(`A reply of ${url} was wrong: ${result.wrong}`);
  if (result.replies === 0) throw new Error(`${url} did not reply at all.`);
  return result;
}

async function failure(child: ReturnType<typeof fork>): Promise<never> {
  const [code] = await once(child, 'exit');
  throw new Error(`The load generator ended with ${code} and said nothing.`);
}
