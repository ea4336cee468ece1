import { join } from 'node:path';
import { resultOf } from '../process/forked.ts';
import type { LoadResult } from './load.ts';

export interface Load {
  readonly seconds: number;
  /** 50 if not given. */
  readonly connections?: number;
  /** `reply` checks the workflow’s output (the default), `accepted` a 202. */
  readonly expect?: 'reply' | 'accepted';
}

/** Sends load to a URL for some seconds, from another process. Throws if any response was wrong, or if there was none. */
export async function putLoad(url: string, { seconds, connections = 50, expect = 'reply' }: Load): Promise<LoadResult> {
  const result = await resultOf<LoadResult>(join(import.meta.dirname, 'load.ts'), [url, connections, seconds, expect]);
  if (result.wrong !== null) throw new Error(`A response of ${url} was wrong: ${result.wrong}`);
  if (result.replies === 0) throw new Error(`${url} did not respond.`);
  return result;
}
