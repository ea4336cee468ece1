import { Button } from '@mantine/core';
import type { Cause, Correction } from '@switchyard/shared/contracts/evaluation/corrections.ts';
import { CAUSES } from '@switchyard/shared/evaluation/choices.ts';
import { IconArrowBackUp, IconCheck } from '@tabler/icons-react';
import { useSetCause } from '../../../api/evaluation/correction-queries.ts';
import { TimeAgo } from '../../../ui/figures.tsx';
import { showFailure } from '../../../ui/toast.tsx';
import { CAUSE_WORDS, reasonWords } from '../common/cause-words.ts';
import styles from './cause-box.module.css';

/** The cause with its rule. A person confirms it, or presses another one. */
export function CauseBox({ correction }: { correction: Correction }) {
  const { id, confirmed, likely } = correction;
  const change = useSetCause();
  const set = (cause: Cause | null) => change.mutate({ id, cause }, { onError: (error) => showFailure('Couldn’t save cause', error) });
  const current = confirmed?.cause ?? likely.cause;
  return (
    <section className={styles.box} aria-label="Cause">
      <div className={styles.line}>
        <span className={styles.label}>{confirmed ? 'Cause' : likely.cause === null ? 'No likely cause' : 'Likely cause'}</span>
        {CAUSES.map((cause) => (
          <button
            key={cause}
            type="button"
            className={styles.cause}
            data-state={cause === current ? (confirmed ? 'confirmed' : 'likely') : undefined}
            aria-pressed={cause === current && confirmed !== null}
            aria-label={cause === current && !confirmed ? `${CAUSE_WORDS[cause].name}, likely. Confirm` : CAUSE_WORDS[cause].name}
            title={CAUSE_WORDS[cause].means}
            disabled={change.isPending}
            onClick={() => set(cause)}
          >
            {cause === confirmed?.cause && <IconCheck size={13} stroke={2} aria-hidden />}
            {CAUSE_WORDS[cause].name}
          </button>
        ))}
        <span className={styles.space} />
        {!confirmed && likely.cause !== null && (
          <Button size="xs" leftSection={<IconCheck size={14} stroke={2} />} loading={change.isPending} onClick={() => set(likely.cause)}>
            Confirm
          </Button>
        )}
        {confirmed && (
          <Button size="xs" variant="subtle" leftSection={<IconArrowBackUp size={14} stroke={1.8} />} loading={change.isPending} onClick={() => set(null)}>
            Undo
          </Button>
        )}
      </div>
      <p className={styles.why}>
        {likely.rule !== null && <b>Rule {likely.rule}. </b>}
        {reasonWords(likely)}
      </p>
      {confirmed && (
        <p className={styles.by}>
          {confirmed.cause === likely.cause ? 'Confirmed' : 'Changed'} by {confirmed.by}, <TimeAgo at={confirmed.at} />
          {confirmed.cause !== likely.cause && likely.cause !== null && `. The rule says ${CAUSE_WORDS[likely.cause].name.toLowerCase()}.`}
        </p>
      )}
    </section>
  );
}
