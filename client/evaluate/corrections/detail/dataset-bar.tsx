import { Button, Menu } from '@mantine/core';
import type { Correction } from '@switchyard/shared/contracts/evaluation/corrections.ts';
import { isRemoved } from '@switchyard/shared/run/removed.ts';
import { IconCheck, IconChevronDown, IconDatabasePlus } from '@tabler/icons-react';
import { useState } from 'react';
import { ApiError } from '../../../api/api-error.ts';
import { useAddToDataset } from '../../../api/evaluation/correction-queries.ts';
import { useDatasets } from '../../../api/evaluation/dataset-queries.ts';
import { showDone, showFailure } from '../../../ui/toast.tsx';
import styles from './dataset-bar.module.css';

/** The dataset chosen last in this browser. */
const KEY = 'switchyard-correction-dataset';

/** One click makes the correction a dataset item. Without a choice, it goes to the dataset of its workflow. */
export function DatasetBar({ correction }: { correction: Correction }) {
  const add = useAddToDataset();
  const { data: datasets = [] } = useDatasets();
  const [chosenId, setChosenId] = useState(() => localStorage.getItem(KEY) ?? '');
  const chosen = datasets.find(({ id }) => id === chosenId);
  const [added, setAdded] = useState<string>();
  const choose = (id: string) => {
    localStorage.setItem(KEY, id);
    setChosenId(id);
    setAdded(undefined);
  };
  const send = () =>
    add.mutate(
      { id: correction.id, datasetId: chosen?.id },
      {
        onSuccess: ({ datasetName }) => {
          setAdded(datasetName);
          showDone(`Item added to “${datasetName}”`);
        },
        onError: (error) => {
          if (error instanceof ApiError && error.code === 'already-exists') setAdded(chosen?.name ?? 'the dataset');
          else showFailure('Couldn’t add dataset item', error);
        },
      },
    );
  if (correction.changes.some(({ after }) => isRemoved(after))) return null;
  return (
    <footer className={styles.bar}>
      <Button variant="filled" leftSection={<IconDatabasePlus size={16} stroke={1.7} />} loading={add.isPending} disabled={added !== undefined} onClick={send}>
        {added === undefined ? 'Add to dataset' : 'Added'}
      </Button>
      <span className={styles.where} role="status">
        {added === undefined ? 'Goes to ' : 'In '}
        <Menu position="top-start">
          <Menu.Target>
            <button type="button" className={styles.dataset} aria-label={`Dataset: ${added ?? chosen?.name ?? 'the workflow’s dataset'}`}>
              {added ?? chosen?.name ?? 'the workflow’s dataset'}
              <IconChevronDown size={13} stroke={1.8} aria-hidden />
            </button>
          </Menu.Target>
          <Menu.Dropdown className={styles.options}>
            <Menu.Item rightSection={chosen ? undefined : <IconCheck size={14} stroke={2} />} onClick={() => choose('')}>
              Workflow’s dataset
            </Menu.Item>
            {datasets.map(({ id, name }) => (
              <Menu.Item key={id} rightSection={id === chosen?.id ? <IconCheck size={14} stroke={2} /> : undefined} onClick={() => choose(id)}>
                {name}
              </Menu.Item>
            ))}
          </Menu.Dropdown>
        </Menu>{' '}
        with the corrected answer as expected.
      </span>
    </footer>
  );
}
