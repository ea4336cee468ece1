import { fork } from 'node:child_process';
import { once } from 'node:events';

/** Runs a script in its own process and resolves with the one message it sends. Throws if it exits without one. */
export async function resultOf<T>(script: string, args: readonly (string | number)[]): Promise<T> {
  const child = fork(script, args.map(String));
  const [result] = await Promise.race([once(child, 'message'), failure(child, script)]);
  return result as T;
}

async function failure(child: ReturnType<typeof fork>, script: string): Promise<never> {
  const [code] = await once(child, 'exit');
  throw new Error(`${script} exited with ${code} and sent no result.`);
}
