import type { Added } from '@switchyard/shared/contracts/evaluation/datasets.ts';
import type { CsvFile } from '@switchyard/shared/tables/read-csv.ts';
import { useRef, useState } from 'react';
import { importItems, useReloadDatasets } from '../../../api/evaluation/dataset-queries.ts';
import { itemsOf, partsOf, type Role } from './plan-items.ts';

interface ImportProgress {
  readonly done: number;
  readonly total: number;
  readonly sum: Added;
}

const MOST_PROBLEMS = 100;

/** An import that sends a file in parts. Stopping keeps what was added. */
export function useImport(datasetId: string) {
  const reload = useReloadDatasets();
  const [progress, setProgress] = useState<ImportProgress>();
  const [error, setError] = useState<unknown>();
  const [isRunning, setRunning] = useState(false);
  const stopping = useRef<AbortController>(undefined);
  const run = async (file: CsvFile, roles: readonly Role[]) => {
    const controller = new AbortController();
    stopping.current = controller;
    setRunning(true);
    setError(undefined);
    const items = itemsOf(file, roles);
    let now: ImportProgress = { done: 0, total: items.length, sum: { added: 0, known: 0, problems: [] } };
    setProgress(now);
    try {
      for (const part of partsOf(items)) {
        const { added, known, problems } = await importItems(datasetId, { items: part }, controller.signal);
        const sum = { added: now.sum.added + added, known: now.sum.known + known, problems: [...now.sum.problems, ...problems].slice(0, MOST_PROBLEMS) };
        now = { ...now, done: now.done + part.length, sum };
        setProgress(now);
      }
    } catch (thrown) {
      if (!controller.signal.aborted) setError(thrown);
    }
    setRunning(false);
    await reload();
  };
  return { progress, error, isRunning, start: (file: CsvFile, roles: readonly Role[]) => void run(file, roles), stop: () => stopping.current?.abort() };
}
