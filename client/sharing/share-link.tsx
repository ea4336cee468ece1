import { Button, CopyButton, Menu, Skeleton, UnstyledButton } from '@mantine/core';
import type { Share } from '@switchyard/shared/contracts/sharing.ts';
import { IconCheck, IconCopy, IconLink } from '@tabler/icons-react';
import styles from './share-dialog.module.css';
import { useMakeShare, useTurnOffShare } from './share-queries.ts';

interface ShareLinkProps {
  readonly share: Share | null;
  readonly workflowId: string;
  /** The live version, or null if none is published. */
  readonly live: number | null;
}

/** The share link and what it shows, or a button to create it. */
export function ShareLink({ share, workflowId, live }: ShareLinkProps) {
  const make = useMakeShare(workflowId);
  const turnOff = useTurnOffShare(workflowId);
  if (!share) {
    return (
      <div className={styles.make}>
        <Button variant="filled" leftSection={<IconLink size={16} stroke={1.7} />} loading={make.isPending} onClick={() => make.mutate(undefined)}>
          Create link
        </Button>
        <span className={styles.text}>{live === null ? 'Shows the draft.' : `Shows v${live}, the live version.`}</span>
      </div>
    );
  }
  return (
    <>
      <div className={styles.link}>
        <input className={styles.url} value={share.url} readOnly aria-label="Link" onFocus={(event) => event.currentTarget.select()} />
        <CopyLink url={share.url} />
      </div>
      <div className={styles.below}>
        <span className={styles.shows}>{showsText(share.shows, live)}</span>
        <span className={styles.space} />
        <ChangeShown shows={share.shows} live={live} onChange={make.mutate} />
        <UnstyledButton className={styles.quiet} disabled={turnOff.isPending} onClick={() => turnOff.mutate()}>
          Turn off link
        </UnstyledButton>
      </div>
    </>
  );
}

const showsText = (shows: Share['shows'], live: number | null): string =>
  shows === 'live' ? `Shows v${live ?? ''}, the live version` : 'Shows the draft as you edit it';

function CopyLink({ url }: { url: string }) {
  return (
    <CopyButton value={url} timeout={1_500}>
      {({ copied, copy }) => (
        <Button
          variant="filled"
          className={styles.copy}
          leftSection={copied ? <IconCheck size={16} stroke={1.8} /> : <IconCopy size={16} stroke={1.7} />}
          onClick={copy}
        >
          {copied ? 'Copied' : 'Copy link'}
        </Button>
      )}
    </CopyButton>
  );
}

function ChangeShown({ shows, live, onChange }: { shows: Share['shows']; live: number | null; onChange: (shows: Share['shows']) => void }) {
  // Without a live version, there is no choice.
  if (live === null) return null;
  const check = <IconCheck size={15} stroke={1.8} />;
  return (
    <Menu>
      <Menu.Target>
        <UnstyledButton className={styles.change} aria-label="Change what the link shows">
          Change
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item rightSection={shows === 'live' && check} onClick={() => onChange('live')}>
          The live version, now v{live}
        </Menu.Item>
        <Menu.Item rightSection={shows === 'draft' && check} onClick={() => onChange('draft')}>
          The draft as you edit it
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

/** Placeholder for the link while it loads. */
export function LinkSkeleton() {
  return (
    <div aria-busy="true">
      <Skeleton height={32} mt={10} radius={8} />
      <Skeleton height={12} mt={12} width="40%" />
    </div>
  );
}
