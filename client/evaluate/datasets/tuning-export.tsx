import { Button, Checkbox, Modal } from '@mantine/core';
import { useState } from 'react';
import styles from './parts/dataset-forms.module.css';

/** Downloads corrections for fine-tuning, once it is confirmed that the people in them agreed. `url`: of the file, with this consent. */
export function TuningExport({ url, onClose }: { url: string; onClose: () => void }) {
  const [hasConsent, setConsent] = useState(false);
  return (
    <Modal opened onClose={onClose} size={460} title="Export for fine-tuning">
      <div className={styles.form}>
        <p>
          Conversations with the corrected answer, one per line (JSONL, chat format). Only corrections of the split “tune” are included, redacted by the policy
          of their workflow.
        </p>
        <Checkbox label="The people in this data consented to training" checked={hasConsent} onChange={(event) => setConsent(event.currentTarget.checked)} />
        <div className={styles.buttons}>
          <Button onClick={onClose}>Cancel</Button>
          {hasConsent ? (
            <Button component="a" variant="filled" href={url} download onClick={onClose}>
              Export corrections
            </Button>
          ) : (
            <Button variant="filled" disabled>
              Export corrections
            </Button>
          )}
        </div>
      </div>
    </Modal>
  );
}
