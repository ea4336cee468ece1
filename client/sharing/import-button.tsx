import { Button, FileButton } from '@mantine/core';
import { IconFileImport } from '@tabler/icons-react';
import { lazy, Suspense } from 'react';
import { DropPlace } from './drop-place.tsx';
import styles from './import-button.module.css';
import { useImport } from './use-import.ts';

const ImportDialog = lazy(() => import('./import-dialog.tsx').then((module) => ({ default: module.ImportDialog })));

/** Imports a workflow file, chosen with the button or dropped anywhere on the page. */
export function ImportButton() {
  const { state, take, open, close } = useImport();
  const choose = (file: File | null) => {
    if (file) void take(file);
  };
  return (
    <>
      <FileButton onChange={choose} accept=".json,application/json" inputProps={{ 'aria-label': 'Workflow file' }}>
        {(props) => (
          <Button
            {...props}
            variant="subtle"
            color="gray"
            className={styles.plain}
            loading={state.kind === 'busy'}
            leftSection={<IconFileImport size={17} stroke={1.6} />}
          >
            Import file
          </Button>
        )}
      </FileButton>
      <DropPlace onFile={choose} />
      {(state.kind === 'refused' || state.kind === 'made') && (
        <Suspense fallback={null}>
          <ImportDialog state={state} onChoose={choose} onOpen={open} onClose={close} />
        </Suspense>
      )}
    </>
  );
}
