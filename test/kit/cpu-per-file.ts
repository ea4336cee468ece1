import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { afterAll, expect } from 'vitest';

/* Loaded before each test file by `pnpm bench tests`: notes what CPU time the file took, with the processes that it started and saw end. */

const TICKS_A_SECOND = 100;
/** A worker may run several files; its first one also pays for its start. */
const before = globalThis as { cpuSecondsBefore?: number };

afterAll(() => {
  const now = cpuSeconds();
  const seconds = now - (before.cpuSecondsBefore ?? 0);
  before.cpuSecondsBefore = now;
  appendFileSync(process.env.TEST_CPU_LOG ?? '', `${JSON.stringify({ file: expect.getState().testPath, seconds })}\n`);
});

/** User and system time of this process and of its children that have ended. Systems without /proc tell only the first. */
function cpuSeconds(): number {
  if (existsSync('/proc/self/stat')) {
    // The name of the process, in parentheses, may hold spaces. After it, utime, stime, cutime and cstime are the fields 11 to 14.
    const fields = readFileSync('/proc/self/stat', 'utf8').split(') ').at(-1)?.split(' ') ?? [];
    return fields.slice(11, 15).reduce((sum, ticks) => sum + Number(ticks), 0) / TICKS_A_SECOND;
  }
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}
