import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/*
 * Preloaded into a server process (watched-server.ts). Measures how long its event loop is blocked, and its memory. A stall is measured in
 * CPU time of the main thread between two ticks of a timer, so other processes on the machine do not count.
 */

const TICK_MS = 10;

/** The server's measurements, over HTTP on a separate port. */
export interface Vitals {
  /** The longest stall since the last request, in ms of CPU time. */
  readonly stallMs: number;
  /** The same in wall-clock time. */
  readonly stallWallMs: number;
  /** Memory of live objects and buffers. */
  readonly usedBytes: number;
  readonly residentBytes: number;
}

const cpuMs = (): number => {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1_000;
};

let lastCpu = cpuMs();
let lastAt = performance.now();
let stallMs = 0;
let stallWallMs = 0;

function tick(): void {
  const [cpu, at] = [cpuMs(), performance.now()];
  stallMs = Math.max(stallMs, cpu - lastCpu);
  stallWallMs = Math.max(stallWallMs, at - lastAt);
  lastCpu = cpu;
  lastAt = at;
}
setInterval(tick, TICK_MS).unref();

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

const server = createServer((request, response) => {
  tick();
  const [stall, stallWall] = [stallMs, stallWallMs];
  if (request.url === '/settled') for (let round = 0; round < 3; round++) collectGarbage();
  const { heapUsed, external, rss } = process.memoryUsage();
  const vitals: Vitals = { stallMs: stall, stallWallMs: stallWall, usedBytes: heapUsed + external, residentBytes: rss };
  response.end(JSON.stringify(vitals));
  tick();
  [stallMs, stallWallMs] = [0, 0];
});
server.listen(0, '127.0.0.1', () => process.stderr.write(`probe on port ${(server.address() as AddressInfo).port}\n`));
server.unref();
