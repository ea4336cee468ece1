import { parentPort, workerData } from 'node:worker_threads';
import { findSecretKey } from './secret-key.ts';

/* A thread that finds the key of a data directory at the same moment as the others, and posts it. Run by secret-key.test.ts. */

const { dir, arrived, threads } = workerData as { dir: string; arrived: Int32Array<SharedArrayBuffer>; threads: number };
if (Atomics.add(arrived, 0, 1) + 1 === threads) Atomics.notify(arrived, 0);
for (let count = Atomics.load(arrived, 0); count < threads; count = Atomics.load(arrived, 0)) Atomics.wait(arrived, 0, count);

parentPort?.postMessage(findSecretKey(dir, {}).toString('hex'));
