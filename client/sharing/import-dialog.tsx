import { Button, FileButton, Modal } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import styles from './import-dialog.module.css';
import { NeedList } from './need-list.tsx';
import type { Imported, ImportState } from './use-import.ts';

interface ImportDialogProps {
  readonly state: Extract<ImportState, { kind: 'refused' | 'made' }>;
  readonly onChoose: (file: File | null) => void;
  readonly onOpen: (made: Imported) => void;
  readonly onClose: () => void;
}

/** The result of an import: why it failed, or what to connect and what was changed. */
export function ImportDialog({ state, onChoose, onOpen, onClose }: ImportDialogProps) {
  return (
    <Modal opened onClose={onClose} size={520} title={state.kind === 'made' ? `“${state.made.workflow.name}” imported` : 'Couldn’t import file'}>
      {state.kind === 'made' ? <Made made={state.made} onOpen={onOpen} onClose={onClose} /> : <RefusedFile {...state} onChoose={onChoose} onClose={onClose} />}
    </Modal>
  );
}

/** Why a file was rejected, and a button to choose another one. */
export function RefusedFile({ file, reason, onChoose, onClose }: { file: string; reason: string } & Pick<ImportDialogProps, 'onChoose' | 'onClose'>) {
  return (
    <>
      <div className={styles.refused} role="alert">
        <IconAlertTriangle size={18} stroke={1.6} className={styles.icon} aria-hidden />
        <div className={styles.words}>
          <p className={styles.file}>{file}</p>
          <p>{reason}</p>
        </div>
      </div>
      <div className={styles.actions}>
        <Button onClick={onClose}>Close</Button>
        <FileButton onChange={onChoose} accept=".json,application/json">
          {(props) => (
            <Button {...props} variant="filled">
              Choose another file
            </Button>
          )}
        </FileButton>
      </div>
    </>
  );
}

/** What an import changed or couldn’t keep. */
export function ImportNotes({ notes }: { notes: Imported['notes'] }) {
  return (
    <ul className={styles.notes} aria-label="Notes">
      {notes.map((note) =>
        typeof note === 'string' ? (
          <li key={note}>{note}</li>
        ) : (
          <li key={`${note.nodeName} ${note.what}`}>
            <b>{note.nodeName}</b>: {note.what}
          </li>
        ),
      )}
    </ul>
  );
}

/** How much of an export of another tool became nodes that do the same. */
function carriedText({ nodes, carriedOver }: NonNullable<Imported['carriedOver']>): string {
  const left = nodes - carriedOver;
  return left === 0
    ? `All ${nodes} nodes carried over.`
    : `${carriedOver} of ${nodes} nodes carried over, ${left} to do. Replace the placeholders on the canvas.`;
}

function Made({ made, onOpen, onClose }: { made: Imported; onOpen: (made: Imported) => void; onClose: () => void }) {
  return (
    <>
      {made.carriedOver && <p className={styles.intro}>{carriedText(made.carriedOver)}</p>}
      {made.toConnect.length > 0 && (
        <>
          <p className={styles.intro}>Imported. Before it can run, add:</p>
          <NeedList needs={made.toConnect} graph={made.workflow.draft} />
        </>
      )}
      {made.notes.length > 0 && (
        <>
          <p className={styles.intro}>
            {made.carriedOver ? 'Check these nodes. The notes are also on the nodes.' : 'The import made these changes. Check them:'}
          </p>
          <ImportNotes notes={made.notes} />
        </>
      )}
      <div className={styles.actions}>
        <Button onClick={onClose}>Later</Button>
        <Button variant="filled" data-autofocus onClick={() => onOpen(made)}>
          Open workflow
        </Button>
      </div>
    </>
  );
}
