import { Button, FileInput, Modal, Progress, Select } from '@mantine/core';
import { MOST_ITEMS } from '@switchyard/shared/contracts/evaluation/datasets.ts';
import type { CsvFile } from '@switchyard/shared/tables/read-csv.ts';
import { useState } from 'react';
import { readCsvFile } from '../../../files/read-csv-file.ts';
import { SendError } from '../../../frame/send-error.tsx';
import { formatNumber } from '../../../ui/format.ts';
import { AddedResult, itemWords } from '../parts/added.tsx';
import styles from '../parts/dataset-forms.module.css';
import { ROLES, type Role, rolesOf, rolesProblem } from './plan-items.ts';
import { useImport } from './use-import.ts';

/** Imports a CSV file: choose it, check what its columns become, and watch its progress. */
export function FromFile({ datasetId, onClose }: { datasetId: string; onClose: () => void }) {
  const [file, setFile] = useState<CsvFile>();
  const [problem, setProblem] = useState<string>();
  const [roles, setRoles] = useState<readonly Role[]>([]);
  const { progress, error, isRunning, start, stop } = useImport(datasetId);
  const choose = async (chosen: File | null) => {
    setFile(undefined);
    setProblem(undefined);
    if (!chosen) return;
    const read = await readCsvFile(chosen);
    if ('problem' in read) return setProblem(read.problem);
    if (read.rows.length > MOST_ITEMS)
      return setProblem(`The file has ${formatNumber(read.rows.length)} rows. A dataset can have ${formatNumber(MOST_ITEMS)}.`);
    setFile(read);
    setRoles(rolesOf(read));
  };
  const close = () => {
    stop();
    onClose();
  };
  const fault = file && rolesProblem(roles);
  return (
    <Modal opened onClose={close} size={720} title="Import items from CSV">
      <div className={styles.form}>
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
        {file && !progress && <Columns file={file} roles={roles} onChange={setRoles} />}
        {fault && (
          <p className={styles.hint} role="alert">
            {fault}
          </p>
        )}
        {progress && <Progress value={(100 * progress.done) / Math.max(1, progress.total)} aria-label="Import progress" />}
        {progress && !isRunning && <AddedResult added={progress.sum} placeName="Line" />}
        <SendError error={error} />
        <div className={styles.buttons}>
          <Button onClick={close}>{isRunning ? 'Stop' : progress ? 'Close' : 'Cancel'}</Button>
          {!progress && (
            <Button variant="filled" disabled={!file || fault !== undefined || file.rows.length === 0} onClick={() => file && start(file, roles)}>
              {file ? `Import ${itemWords(file.rows.length)}` : 'Import'}
            </Button>
          )}
        </div>
      </div>
    </Modal>
  );
}

const SHOWN = 3;

/** Each column with its first values and what it becomes. */
function Columns({ file, roles, onChange }: { file: CsvFile; roles: readonly Role[]; onChange: (roles: readonly Role[]) => void }) {
  return (
    <table className={styles.columns} aria-label="Columns">
      <tbody>
        {file.names.map((name, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: names of a file may repeat
          <tr key={index}>
            <th scope="row">{name}</th>
            <td className={styles.values}>
              {file.rows
                .slice(0, SHOWN)
                .map(({ cells }) => cells[index] ?? '')
                .filter((text) => text !== '')
                .join(' · ')}
            </td>
            <td>
              <Select
                aria-label={`Import “${name}” as`}
                size="xs"
                data={[...ROLES]}
                value={roles[index] ?? 'skip'}
                allowDeselect={false}
                onChange={(value) => onChange(roles.map((role, at) => (at === index ? (ROLES.find((one) => one.value === value)?.value ?? role) : role)))}
              />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
