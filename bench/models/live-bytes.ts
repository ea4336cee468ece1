import { readFileSync, rmSync } from 'node:fs';
import type { Child } from '../process/child.ts';
import { until } from '../process/until.ts';

/** The live bytes of a process that was started with memory-probe.ts. */
export async function liveBytes({ pid }: Child, file: string): Promise<number> {
  rmSync(file, { force: true });
  process.kill(pid, 'SIGUSR2');
  return until('the memory probe', () => Number(readIfThere(file)) || undefined);
}

function readIfThere(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
