import { ActionIcon } from '@mantine/core';
import type { Correction, CorrectionSummary } from '@switchyard/shared/contracts/evaluation/corrections.ts';
import { IconChevronLeft, IconSitemap } from '@tabler/icons-react';
import { useCorrection, useCorrectionsOfRun } from '../../../api/evaluation/correction-queries.ts';
import { ErrorState } from '../../../frame/error-state.tsx';
import { PartLoading } from '../../../frame/page-loading.tsx';
import { shortId, versionLabel } from '../../../run-look/run-labels.ts';
import { ButtonLink } from '../../../ui/button-link.tsx';
import { TimeAgo } from '../../../ui/figures.tsx';
import { CauseBox } from './cause-box.tsx';
import { Changes } from './changes.tsx';
import styles from './correction-detail.module.css';
import { DatasetBar } from './dataset-bar.tsx';
import { MadeBy } from './made-by.tsx';

interface Props {
  readonly id: string;
  readonly summary: CorrectionSummary;
  readonly onShow: (id: string) => void;
  readonly onBack: () => void;
}

/** One correction: its cause, what changed, and what made the draft. */
export function CorrectionDetail({ id, summary, onShow, onBack }: Props) {
  const { data, error, refetch } = useCorrection(id);
  if (error && !data) return <ErrorState title="Couldn’t load correction" error={error} retry={() => void refetch()} />;
  if (!data) return <PartLoading />;
  return (
    <article className={styles.detail} aria-label={data.reviewTitle || 'Correction'}>
      <header className={styles.head}>
        <ActionIcon className={styles.back} aria-label="Back to list" onClick={onBack}>
          <IconChevronLeft size={20} stroke={1.8} />
        </ActionIcon>
        <div className={styles.what}>
          <p className={styles.about}>
            Run {shortId(data.runId)}
            {data.version !== null && ` · ${versionLabel(data.version)}`} · reviewed by {data.reviewer}, <TimeAgo at={data.at} />
          </p>
          <h2 className={styles.title} dir="auto">
            {data.reviewTitle || 'Review'}
          </h2>
        </div>
        <ButtonLink
          variant="subtle"
          to="/runs/$id"
          params={{ id: data.runId }}
          search={{ step: data.stepId }}
          leftSection={<IconSitemap size={16} stroke={1.6} />}
        >
          Run on canvas
        </ButtonLink>
      </header>
      <div className={styles.body}>
        <CauseBox correction={data} />
        <Changes key={data.id} correction={data} />
        <p className={styles.decided}>
          <Others correction={data} onShow={onShow} />
          <span>
            Decision: {data.decision.replaceAll('_', ' ')}, {data.asProposed ? 'as proposed' : 'not as proposed'}
          </span>
          {data.reasons.length > 0 && <span>Reason: {data.reasons.join(', ')}</span>}
          {data.comment !== '' && <span dir="auto">“{data.comment}”</span>}
        </p>
        {data.madeBy && <MadeBy source={data.madeBy} summary={summary} />}
      </div>
      <DatasetBar key={`${data.id} dataset`} correction={data} />
    </article>
  );
}

/** The other changed fields of the same review. */
function Others({ correction, onShow }: { correction: Correction; onShow: (id: string) => void }) {
  const { data = [] } = useCorrectionsOfRun(correction.runId);
  const others = data.filter((other) => other.reviewId === correction.reviewId && other.id !== correction.id);
  if (others.length === 0) return null;
  return (
    <span>
      Also changed:{' '}
      {others.map(({ id, changes: [change] }, index) => (
        <span key={id}>
          {index > 0 && ', '}
          <button type="button" className={styles.other} onClick={() => onShow(id)}>
            {change?.label || change?.field}
          </button>
        </span>
      ))}
    </span>
  );
}
