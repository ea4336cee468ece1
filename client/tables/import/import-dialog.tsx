import { Button, FileInput, Modal, SegmentedControl } from '@mantine/core';
import type { TableDetails } from '@switchyard/shared/contracts/state/tables.ts';
import type { StateSpace } from '@switchyard/shared/run/state-change.ts';
import type { CsvFile } from '@switchyard/shared/tables/read-csv.ts';
import { useState } from 'react';
import { readCsvFile } from '../../files/read-csv-file.ts';
import { formatNumber } from '../../ui/format.ts';
import styles from './import.module.css';
import { ImportPreview } from './import-preview.tsx';
import { ImportResult } from './import-result.tsx';
import { type Target, targetsOf } from './plan-import.ts';
import { type OnTaken, useImport } from './use-import.ts';

const ON_TAKEN: readonly { readonly value: OnTaken; readonly label: string }[] = [
  { value: 'reject', label: 'Report an error' },
  { value: 'update', label: 'Update the row' },
  { value: 'skip', label: 'Skip it' },
];

interface DialogProps {
  readonly table: TableDetails;
  readonly space: StateSpace;
  readonly onClose: () => void;
}

/** Imports a CSV file: choose it, check what becomes of each column, and watch its progress. */
export function ImportDialog({ table, space, onClose }: DialogProps) {
  const [file, setFile] = useState<CsvFile>();
  const [problem, setProblem] = useState<string>();
  const [targets, setTargets] = useState<readonly Target[]>([]);
  const [onTaken, setOnTaken] = useState<OnTaken>('reject');
  const { progress, error, isRunning, start, stop } = useImport(table, space);
  const key = table.columns.find(({ isKey }) => isKey);
  const choose = async (chosen: File | null) => {
    setFile(undefined);
    setProblem(undefined);
    if (!chosen) return;
    const read = await readCsvFile(chosen);
    if ('problem' in read) return setProblem(read.problem);
    setFile(read);
    setTargets(targetsOf(read, table.columns));
  };
  const close = () => {
    stop();
    onClose();
  };
  const isUseful = targets.some(({ kind }) => kind !== 'skip');
  return (
    <Modal opened onClose={close} size={860} title={`Import ${space} rows from CSV`}>
      <div className={styles.dialog}>
        {!progress && (
          <FileInput
            label="CSV file"
            description="The first line must contain the column names. Separators can be commas, semicolons, tabs, or pipes."
            placeholder="Choose a file"
            accept=".csv,.tsv,.txt,text/csv"
            error={problem}
            onChange={(chosen) => void choose(chosen)}
            data-autofocus
          />
        )}
        {file && !progress && (
          <>
            <ImportPreview file={file} columns={table.columns} targets={targets} onChange={setTargets} />
            {key && (
              <div className={styles.taken}>
                <p id="on-taken">If a row with the same “{key.name}” exists</p>
                <SegmentedControl
                  aria-labelledby="on-taken"
                  data={[...ON_TAKEN]}
                  value={onTaken}
                  onChange={(value) => setOnTaken(ON_TAKEN.find((one) => one.value === value)?.value ?? 'reject')}
                />
              </div>
            )}
          </>
        )}
        {(progress !== undefined || error !== undefined) && <ImportResult progress={progress} error={error} isRunning={isRunning} />}
        <div className={styles.buttons}>
          <Button onClick={close}>{isRunning ? 'Stop' : progress ? 'Close' : 'Cancel'}</Button>
          {!progress && (
            <Button
              variant="filled"
              disabled={!file || !isUseful || file.rows.length === 0}
              loading={isRunning}
              onClick={() => file && start(file, targets, onTaken)}
            >
              {file ? `Import ${formatNumber(file.rows.length)} ${file.rows.length === 1 ? 'row' : 'rows'}` : 'Import'}
            </Button>
          )}
        </div>
      </div>
    </Modal>
  );
}
