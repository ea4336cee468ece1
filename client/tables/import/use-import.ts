import type { TableDetails } from '@switchyard/shared/contracts/state/tables.ts';
import type { StateSpace } from '@switchyard/shared/run/state-change.ts';
import type { CsvFile } from '@switchyard/shared/tables/read-csv.ts';
import { useRef, useState } from 'react';
import { importRows, useAddColumn, useReloadTables } from '../../api/state/table-queries.ts';
import { importRowsOf, type Target } from './plan-import.ts';
import { type ImportProgress, runImport } from './run-import.ts';

export type OnTaken = 'reject' | 'update' | 'skip';

/** An import that runs: its new columns first, then its rows. */
export function useImport(table: TableDetails, space: StateSpace) {
  const { mutateAsync: addColumn } = useAddColumn(table.id);
  const reload = useReloadTables();
  const [progress, setProgress] = useState<ImportProgress>();
  const [error, setError] = useState<unknown>();
  const [isRunning, setRunning] = useState(false);
  const stopping = useRef<AbortController>(undefined);
  const run = async (file: CsvFile, targets: readonly Target[], onTaken: OnTaken) => {
    const controller = new AbortController();
    stopping.current = controller;
    setRunning(true);
    setError(undefined);
    try {
      for (const target of targets) if (target.kind === 'new') await addColumn({ name: target.name, type: target.type });
      await runImport(importRowsOf(file, targets), ({ rows }) => importRows(table.id, { space, rows, onTaken }, controller.signal), setProgress);
    } catch (thrown) {
      if (!controller.signal.aborted) setError(thrown);
    }
    setRunning(false);
    await reload();
  };
  return {
    progress,
    error,
    isRunning,
    start: (file: CsvFile, targets: readonly Target[], onTaken: OnTaken) => void run(file, targets, onTaken),
    stop: () => stopping.current?.abort(),
  };
}
