import { showUndo } from '../../ui/toast.tsx';
import { useLocalTexts } from '../../ui/use-local-texts.ts';
import { readSamples, type Sample, sampleTitle } from './samples.ts';

export interface Samples {
  /** At least one. */
  readonly list: readonly Sample[];
  /** Adds samples and returns the ID of the first. */
  add(samples: readonly Omit<Sample, 'id'>[]): string;
  change(id: string, changes: Partial<Omit<Sample, 'id'>>): void;
  /** Removes a sample, and offers to undo that. */
  remove(sample: Sample): void;
}

export const EMPTY: Omit<Sample, 'id'> = { title: '', values: {}, labels: '' };
const FIRST: Sample = { id: 'first', ...EMPTY };

/** The samples of a prompt, kept in this browser. */
export function useSamples(prompt: string): Samples {
  const { texts, keep, forget } = useLocalTexts(`samples:${prompt}`);
  const kept = readSamples(texts.list);
  const list = kept.length === 0 ? [FIRST] : kept;
  const put = (next: readonly Sample[]) => (next.length === 0 ? forget() : keep({ list: JSON.stringify(next) }));
  return {
    list,
    add: (samples) => {
      const added = samples.map((sample) => ({ ...sample, id: crypto.randomUUID() }));
      put([...kept, ...added]);
      return added[0]?.id ?? FIRST.id;
    },
    change: (id, changes) => put(list.map((sample) => (sample.id === id ? { ...sample, ...changes } : sample))),
    remove: (sample) => {
      put(kept.filter(({ id }) => id !== sample.id));
      showUndo(`Sample “${sampleTitle(sample)}” removed`, () => put(kept));
    },
  };
}
