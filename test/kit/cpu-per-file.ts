import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { afterAll, expect } from 'vitest';

/* Loaded before each test file by `pnpm bench tests`. Records the CPU time of the file and of the child processes it waited for. */

const TICKS_A_SECOND = 100;
/** A worker may run several files; the first one includes the worker's start. */
const before = globalThis as { cpuSecondsBefore?: number };

afterAll(() => {
  const now = cpuSeconds();
  const seconds = now - (before.cpuSecondsBefore ?? 0);
  before.cpuSecondsBefore = now;
  appendFileSync(process.env.TEST_CPU_LOG ?? '', `${JSON.stringify({ file: expect.getState().testPath, seconds })}\n`);
});

/** User and system time of this process and its ended children. Systems without /proc report only the former. */
function cpuSeconds(): number {
  if (existsSync('/proc/self/stat')) {
    // The name of the process, in parentheses, may contain spaces. After it, utime, stime, cutime, and cstime are fields 11 to 14.
    const fields = readFileSync('/proc/self/stat', 'utf8').split(') ').at(-1)?.split(' ') ?? [];
    return fields.slice(11, 15).reduce((sum, ticks) => sum + Number(ticks), 0) / TICKS_A_SECOND;
  }
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}
