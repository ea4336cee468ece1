import { IconAlertCircle, IconCheck, IconDeviceLaptop, IconLoader2 } from '@tabler/icons-react';
import type { SaveState } from '../graph-editing/editor-state.ts';
import { useEditor } from '../open-workflow/editor-store.ts';
import styles from '../workbench/editor-bar.module.css';

const MARKS: Record<SaveState, { icon: typeof IconCheck; words: string; warn?: boolean }> = {
  saved: { icon: IconCheck, words: 'Saved' },
  saving: { icon: IconLoader2, words: 'Saving' },
  unsaved: { icon: IconLoader2, words: 'Saving' },
  offline: { icon: IconDeviceLaptop, words: 'Unsaved changes' },
  conflict: { icon: IconAlertCircle, words: 'Couldn’t save', warn: true },
};

/** The save state as text. */
export function SaveMark() {
  const saveState = useEditor((state) => state.saveState);
  const refused = useEditor((state) => state.saveError);
  const mark = refused ? MARKS.conflict : MARKS[saveState];
  const Icon = mark.icon;
  return (
    <span className={styles.mark} title={refused ?? undefined}>
      <Icon size={15} stroke={1.7} aria-hidden className={mark.warn ? styles.warn : undefined} />
      {mark.words}
    </span>
  );
}
