import { Button, Modal } from '@mantine/core';
import type { Share } from '@switchyard/shared/contracts/sharing.ts';
import type { ToConnect } from '@switchyard/shared/sharing/to-connect.ts';
import { IconBookmarkPlus, IconDownload, IconFileExport, IconLink, IconShieldCheck } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { ErrorState } from '../frame/error-state.tsx';
import { useEditor } from '../open-workflow/editor-store.ts';
import { countNeeds } from './need-labels.ts';
import styles from './share-dialog.module.css';
import { LinkSkeleton, ShareLink } from './share-link.tsx';
import { useShare } from './share-queries.ts';
import { TemplateForm } from './template-form.tsx';

/** The three ways to share a workflow: a link, a file, a template. */
export function ShareDialog({ onClose }: { onClose: () => void }) {
  const name = useEditor((state) => state.name);
  const workflowId = useEditor((state) => state.workflowId);
  const share = useShare(workflowId);
  return (
    <Modal opened onClose={onClose} title={`Share “${name}”`} size={602} classNames={{ body: styles.body ?? '', title: styles.title ?? '' }}>
      <Section Icon={IconLink} title="Link" text="Anyone with the link can view and copy. Secrets are never included.">
        {share.isError && !share.data && <ErrorState title="Couldn’t load link" error={share.error} retry={() => void share.refetch()} />}
        {share.isPending && <LinkSkeleton />}
        {share.data && <Link share={share.data.share} workflowId={workflowId} />}
      </Section>
      <Section
        Icon={IconFileExport}
        title="File"
        text="One file that diffs cleanly in git and imports anywhere."
        action={
          <Button component="a" href={`/api/workflows/${encodeURIComponent(workflowId)}/export`} download leftSection={<IconDownload size={16} stroke={1.7} />}>
            Export file
          </Button>
        }
      />
      <Section Icon={IconBookmarkPlus} title="Template" text="Anyone in this workspace can start from it. Includes sample data.">
        <TemplateForm workflowId={workflowId} onLeave={onClose} />
      </Section>
      {share.data && <LeftOut needs={share.data.leftOut} />}
    </Modal>
  );
}

function Link({ share, workflowId }: { share: Share | null; workflowId: string }) {
  const live = useEditor((state) => state.liveVersion);
  return <ShareLink share={share} workflowId={workflowId} live={live} />;
}

interface SectionProps {
  readonly Icon: typeof IconLink;
  readonly title: string;
  readonly text: string;
  readonly action?: ReactNode;
  readonly children?: ReactNode;
}

function Section({ Icon, title, text, action, children }: SectionProps) {
  return (
    <section className={styles.section} aria-label={title}>
      <Icon size={18} stroke={1.6} className={styles.icon} aria-hidden />
      <div className={styles.content}>
        <div className={styles.head}>
          <div className={styles.words}>
            <h3 className={styles.heading}>{title}</h3>
            <p className={styles.text}>{text}</p>
          </div>
          {action}
        </div>
        {children}
      </div>
    </section>
  );
}

/** What none of the three includes. */
function LeftOut({ needs }: { needs: readonly ToConnect[] }) {
  const counted = countNeeds(needs, ['secret', 'connection']);
  return (
    <p className={styles.foot}>
      <IconShieldCheck size={17} stroke={1.6} className={styles.shield} aria-hidden />
      {counted === ''
        ? 'No secrets or connections included. Runs and the webhook URL stay private.'
        : `Not included: ${counted}. People who open it are asked for their own.`}
    </p>
  );
}
