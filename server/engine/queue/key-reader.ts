import type { KeyRange } from '@switchyard/shared/run/queue-key.ts';

/** How many keys are read at once. */
const PAGE = 32;
/** With more keys than this in memory, they are read again. */
const MOST_KEYS = 2_000;

/** Reads keys a page at a time and remembers them, so that a pick from a long queue costs few reads. */
export function createKeyReader(page: (range: KeyRange, limit: number) => Promise<readonly string[]>) {
  let spans: { readonly from: string; readonly to: string; keys: readonly string[] }[] = [];
  let count = 0;
  return {
    /** The first key in the range. */
    first: async ({ from, to }: KeyRange): Promise<string | undefined> => {
      let at = from;
      while (at < to) {
        const place = at;
        const span = spans.find((one) => one.from <= place && place < one.to);
        if (span) {
          const key = span.keys.find((one) => one >= place);
          if (key !== undefined) return key < to ? key : undefined;
          at = span.to;
          continue;
        }
        const keys = await page({ from: at, to }, PAGE);
        const last = keys.at(-1);
        spans.push({ from: at, to: last === undefined || keys.length < PAGE ? to : `${last} `, keys });
        count += keys.length;
      }
      return undefined;
    },
    /** The run is not queued anymore. */
    drop: (key: string): void => {
      for (const span of spans) if (span.keys.includes(key)) span.keys = span.keys.filter((one) => one !== key);
    },
    forget: (): void => {
      spans = [];
      count = 0;
    },
    isFull: (): boolean => count > MOST_KEYS,
  };
}
