/** Limits of files (S74). */
export const MOST_FILE_BYTES = 20_000_000;
/** How many files one input has. */
export const MOST_FILES = 20;
/** All files of one input together. */
export const MOST_FILES_BYTES = 50_000_000;
/** How many files a value refers to. */
export const MOST_REFERENCES = 1_000;

/** A size as people read it: `512 bytes`, `1.5 MB`. */
export function describeBytes(bytes: number): string {
  if (bytes < 1_000) return `${bytes} ${bytes === 1 ? 'byte' : 'bytes'}`;
  const [size, unit] = bytes < 1_000_000 ? [bytes / 1_000, 'kB'] : [bytes / 1_000_000, 'MB'];
  return `${Number(size.toFixed(size < 10 ? 1 : 0))} ${unit}`;
}
