import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { expect, test } from 'vitest';

/** Runs a process under a watchdog with this limit, and returns its outcome. */
async function watched(limitMs: number, body: string): Promise<{ signal: NodeJS.Signals | null; code: number | null; said: string }> {
  const source = `
    import { startWatchdog } from ${JSON.stringify(join(import.meta.dirname, 'watchdog.ts'))};
    const watchdog = startWatchdog({ limitMs: ${limitMs}, running: () => ['run-1 (draft#1)', 'run-2 (fetch#1)'] });
    ${body}`;
  const child = spawn(process.execPath, ['--input-type=module-typescript', '--eval', source], { stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
  const [code, signal] = (await once(child, 'close')) as [number | null, NodeJS.Signals | null];
  return { code, signal, said };
}

test('ends a process whose event loop is blocked, and says what was running', async () => {
  const block = `
    // The list of what is running is written once per beat.
    setTimeout(() => { watchdog.note('run-2', 'fetch#1'); for (;;); }, 500);`;
  const { signal, said } = await watched(2_000, block);
  expect(signal).toBe('SIGKILL');
  expect(said).toContain('the event loop has been blocked for 2 s');
  expect(said).toContain('Last step: run-2 fetch#1. Running: run-1 (draft#1), run-2 (fetch#1)');
});

test('does not end a process whose event loop is responsive, and stops on its own', async () => {
  const turns = 'let turns = 0; const timer = setInterval(() => { if (++turns === 80) { clearInterval(timer); process.exitCode = 3; } }, 50);';
  expect(await watched(3_000, turns)).toMatchObject({ signal: null, code: 3 });
});
