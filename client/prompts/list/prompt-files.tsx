import { ActionIcon, Button, FileButton, Modal, Tooltip } from '@mantine/core';
import { IconFileExport, IconFileImport } from '@tabler/icons-react';
import { useState } from 'react';
import { type ImportedPrompts, useImportPrompts } from '../../api/prompt-actions.ts';
import { DropPlace } from '../../sharing/drop-place.tsx';
import { ImportNotes, RefusedFile } from '../../sharing/import-dialog.tsx';
import { readJsonFile } from '../../sharing/read-json-file.ts';
import { messageOf } from '../../ui/message-of.ts';
import { showDone } from '../../ui/toast.tsx';
import styles from './prompt-list.module.css';

type Outcome = { readonly kind: 'refused'; readonly file: string; readonly reason: string } | { readonly kind: 'notes'; readonly imported: ImportedPrompts };

/** Exports all prompts as a file for git, and imports such a file, chosen with the button or dropped on the page. */
export function PromptFiles({ isEmpty }: { isEmpty: boolean }) {
  const [outcome, setOutcome] = useState<Outcome>();
  const send = useImportPrompts();
  const choose = async (file: File | null) => {
    if (!file) return;
    setOutcome(undefined);
    try {
      const imported = await send.mutateAsync(await readJsonFile(file, 'prompt'));
      if (imported.notes.length > 0) setOutcome({ kind: 'notes', imported });
      else showDone(summaryOf(imported));
    } catch (thrown) {
      setOutcome({ kind: 'refused', file: file.name, reason: messageOf(thrown) });
    }
  };
  return (
    <>
      <FileButton onChange={(file) => void choose(file)} accept=".json,application/json" inputProps={{ 'aria-label': 'Prompt file' }}>
        {(props) => (
          <Tooltip label="Import prompts">
            <ActionIcon {...props} loading={send.isPending} aria-label="Import prompts">
              <IconFileImport size={18} stroke={1.6} />
            </ActionIcon>
          </Tooltip>
        )}
      </FileButton>
      {!isEmpty && (
        <Tooltip label="Export prompts">
          <ActionIcon component="a" href="/api/prompts/export" download aria-label="Export prompts">
            <IconFileExport size={18} stroke={1.6} />
          </ActionIcon>
        </Tooltip>
      )}
      <DropPlace onFile={(file) => void choose(file)} />
      {outcome && <OutcomeDialog outcome={outcome} onChoose={(file) => void choose(file)} onClose={() => setOutcome(undefined)} />}
    </>
  );
}

interface DialogProps {
  readonly outcome: Outcome;
  readonly onChoose: (file: File | null) => void;
  readonly onClose: () => void;
}

function OutcomeDialog({ outcome, onChoose, onClose }: DialogProps) {
  return (
    <Modal opened onClose={onClose} size={520} title={outcome.kind === 'refused' ? 'Couldn’t import file' : 'Prompts imported'}>
      {outcome.kind === 'refused' ? (
        <RefusedFile file={outcome.file} reason={outcome.reason} onChoose={onChoose} onClose={onClose} />
      ) : (
        <>
          <p className={styles.summary}>{summaryOf(outcome.imported)}.</p>
          <ImportNotes notes={outcome.imported.notes} />
          <div className={styles.foot}>
            <Button variant="filled" data-autofocus onClick={onClose}>
              Close
            </Button>
          </div>
        </>
      )}
    </Modal>
  );
}

/** “Prompts imported: 2 new, 1 updated, 5 unchanged” */
function summaryOf({ created, updated, unchanged }: ImportedPrompts): string {
  const counts = [
    [created.length, 'new'],
    [updated.length, 'updated'],
    [unchanged.length, 'unchanged'],
  ] as const;
  const parts = counts.filter(([count]) => count > 0).map(([count, word]) => `${count} ${word}`);
  return parts.length === 0 ? 'The file has no prompts' : `Prompts imported: ${parts.join(', ')}`;
}
