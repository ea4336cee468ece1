import { fileURLToPath } from 'node:url';
import { type Child, startChild } from '../process/child.ts';

const FLOOR = fileURLToPath(new URL('./floor.ts', import.meta.url));

/** Starts the floor on a folder, with SQLite's `synchronous` set as given. */
export const startFloor = (folder: string, synchronous: 'NORMAL' | 'FULL'): Promise<Child> =>
  startChild({ file: process.execPath, args: [FLOOR, folder, synchronous] });
