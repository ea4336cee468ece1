import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { type Figure, underLimit } from '../figure.ts';
import { ROOT } from '../process/child.ts';
import { temporaryFolder } from '../process/temporary-folder.ts';

const CPU_MINUTES = 5;
/** A file above this belongs in `pnpm test:full`, or must be made cheaper. */
const FILE_SECONDS = 15;

/** CPU time (user and system) of `pnpm test`: in total, outside the files, and for each file, slowest first. */
export async function tests(): Promise<Figure[]> {
  using folder = temporaryFolder();
  const log = join(folder.path, 'cpu.jsonl');
  const total = await runTests(log);
  const byFile = secondsByFile(log);
  const charged = [...byFile.values()].reduce((sum, seconds) => sum + seconds, 0);
  return [
    underLimit('all tests', 's', { value: total, goal: CPU_MINUTES * 60 }),
    underLimit('of which vitest and the page', 's', { value: total - charged, goal: CPU_MINUTES * 60 }),
    ...[...byFile].sort(([, a], [, b]) => b - a).map(([file, value]) => underLimit(file, 's', { value, goal: FILE_SECONDS })),
  ];
}

/** Runs the tests in a shell that knows what its children used: CPU seconds. Throws if a test fails. */
async function runTests(log: string): Promise<number> {
  const vitest = join(dirname(createRequire(join(ROOT, 'package.json')).resolve('vitest/package.json')), 'vitest.mjs');
  const script = '"$@" >&2; code=$?; times; exit $code';
  const shell = spawn('sh', ['-c', script, 'sh', process.execPath, vitest, 'run'], {
    cwd: ROOT,
    env: { ...process.env, TEST_CPU_LOG: log },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let said = '';
  shell.stdout.on('data', (chunk: Buffer) => (said += chunk.toString('utf8')));
  const [code] = await once(shell, 'close');
  if (code !== 0) throw new Error('The tests fail, so their time means nothing.');
  // The second line has the time of the shell's children: `1m2.345s 0m6.789s`.
  const times = said.trim().split('\n').at(-1) ?? '';
  return [...times.matchAll(/(\d+)m([\d.]+)s/g)].reduce((sum, [, minutes, seconds]) => sum + Number(minutes) * 60 + Number(seconds), 0);
}

/** A file that runs in several projects counts once. */
function secondsByFile(log: string): Map<string, number> {
  const byFile = new Map<string, number>();
  for (const line of readFileSync(log, 'utf8').trim().split('\n')) {
    const { file, seconds } = JSON.parse(line) as { file: string; seconds: number };
    const name = file.replace(`${ROOT}/`, '');
    byFile.set(name, (byFile.get(name) ?? 0) + seconds);
  }
  return byFile;
}
