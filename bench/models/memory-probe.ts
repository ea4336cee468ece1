import { writeFileSync } from 'node:fs';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { isMainThread } from 'node:worker_threads';

/* Loaded into a measured process: on SIGUSR2, writes its live bytes, after garbage collection, to the file that BENCH_MEMORY_PROBE names. */

const { BENCH_MEMORY_PROBE: file = '' } = process.env;

if (isMainThread && file !== '') {
  setFlagsFromString('--expose_gc');
  const collect = runInNewContext('gc') as () => void;
  process.on('SIGUSR2', () => {
    collect();
    const { heapUsed, external } = process.memoryUsage();
    writeFileSync(file, String(heapUsed + external));
  });
}
