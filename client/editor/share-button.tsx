import { Button } from '@mantine/core';
import { IconShare2 } from '@tabler/icons-react';
import { lazy, Suspense, useState } from 'react';
import { useEditorApi } from '../open-workflow/editor-store.ts';
import { classes } from '../ui/class-names.ts';
import bar from '../workbench/editor-bar.module.css';

const ShareDialog = lazy(() => import('../sharing/share-dialog.tsx').then((module) => ({ default: module.ShareDialog })));

/** Opens the share dialog of the workflow. Saves pending edits first, to include them. */
export function ShareButton() {
  const editor = useEditorApi();
  const [open, setOpen] = useState(false);
  const [busy, setBusy] = useState(false);
  const show = async () => {
    setBusy(true);
    await editor.getState().saveNow();
    setBusy(false);
    setOpen(true);
  };
  return (
    <>
      <Button
        variant="subtle"
        color="gray"
        className={classes(bar.foldable, bar.plain)}
        aria-label="Share"
        loading={busy}
        leftSection={<IconShare2 size={17} stroke={1.6} />}
        onClick={() => void show()}
      >
        <span className={bar.word}>Share</span>
      </Button>
      {open && (
        <Suspense fallback={null}>
          <ShareDialog onClose={() => setOpen(false)} />
        </Suspense>
      )}
    </>
  );
}
