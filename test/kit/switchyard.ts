import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { repositoryRoot } from './server.ts';

/** Runs `switchyard` in its own process. Returns its exit code and everything it printed. */
export async function switchyard(
  words: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<{ readonly code: unknown; readonly output: string }> {
  const { PATH, HOME } = process.env;
  const child = spawn(process.execPath, [join(repositoryRoot, 'server', 'cli.ts'), ...words], {
    env: { PATH, HOME, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (output += chunk.toString('utf8')));
  const [code] = await once(child, 'close');
  return { code, output };
}
