import { type Figure, median, underLimit } from '../figure.ts';
import { serverEnvironment, startChild, startServer } from '../process/child.ts';
import { temporaryFolder } from '../process/temporary-folder.ts';
import { loadPage } from './load-page.ts';

const TIMES = 3;

/** From the start of the server process, and of the whole command, to the page, with everything installed and built. */
export async function warm(): Promise<Figure[]> {
  using folder = temporaryFolder();
  await timeServer(folder.path);
  const server: number[] = [];
  const command: number[] = [];
  for (let time = 0; time < TIMES; time++) {
    server.push(await timeServer(folder.path));
    command.push(await timeCommand({ dataDir: folder.path }));
  }
  return [
    underLimit('start-server', 's', { value: median(server) / 1_000, goal: 1.5 }),
    underLimit('start-command', 's', { value: median(command) / 1_000, goal: 6 }),
  ];
}

async function timeServer(dataDir: string): Promise<number> {
  const began = performance.now();
  await using server = await startServer(dataDir, { page: true });
  await loadPage(server.address);
  return performance.now() - began;
}

/** ms from the README's first command to the page. */
export async function timeCommand({ dataDir, cwd, env }: { dataDir: string; cwd?: string; env?: Readonly<Record<string, string>> }): Promise<number> {
  const began = performance.now();
  await using command = await startChild({
    file: 'npx',
    args: ['-y', 'pnpm@12', 'start'],
    env: { ...serverEnvironment(dataDir), ...env },
    limitMs: 300_000,
    ...(cwd !== undefined && { cwd }),
  });
  await loadPage(command.address);
  return performance.now() - began;
}
