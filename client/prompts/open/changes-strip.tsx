import { Button, TextInput } from '@mantine/core';
import type { PromptWithVersions } from '@switchyard/shared/contracts/prompts.ts';
import { IconPencil } from '@tabler/icons-react';
import { usePromptVersion } from '../../api/queries.ts';
import { changesBetween, sendable } from '../draft/prompt-draft.ts';
import type { PromptDraft } from '../draft/use-prompt-draft.ts';
import styles from './strip.module.css';

/** The unsaved changes, with a note for the next version. */
export function ChangesStrip({ prompt, draft }: { prompt: PromptWithVersions; draft: PromptDraft }) {
  const base = usePromptVersion(prompt.name, draft.base);
  const changes = base.data ? changesBetween(base.data, draft.content) : [];
  const isBehind = draft.base < prompt.latestVersion;
  return (
    <section className={styles.strip} aria-label="Unsaved changes">
      <p className={styles.words}>
        <IconPencil size={15} stroke={1.7} aria-hidden />
        <span>
          {base.data && `${changes.length === 1 ? '1 change' : `${changes.length} changes`}: ${changes.join(', ')}. `}Saved in this browser as you type.
        </span>
      </p>
      {isBehind && (
        <p className={styles.warning} role="status">
          Version {prompt.latestVersion} was saved after you started from version {draft.base}. Compare with it before you save.
        </p>
      )}
      {!sendable(draft.content) && <p className={styles.warning}>A schema isn’t valid JSON. Fix it to save.</p>}
      <div className={styles.fields}>
        <TextInput
          className={styles.grow}
          label="Note"
          placeholder="What changed, and why"
          maxLength={1_000}
          value={draft.note}
          onChange={(event) => draft.setNote(event.currentTarget.value)}
        />
        <Button onClick={draft.discard}>Discard my edits</Button>
      </div>
    </section>
  );
}
