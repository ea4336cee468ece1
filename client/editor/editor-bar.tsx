import { ActionIcon, Button, Tooltip, UnstyledButton } from '@mantine/core';
import {
  type Icon,
  IconAlertCircle,
  IconBolt,
  IconCheck,
  IconDeviceLaptop,
  IconLoader2,
  IconPencil,
  IconPlayerPlay,
  IconPlayerStopFilled,
  IconSettings,
  IconWebhook,
} from '@tabler/icons-react';
import { Link, useLocation, useNavigate } from '@tanstack/react-router';
import { useEffect } from 'react';
import { useRelease } from '../api/evaluation/release-queries.ts';
import bar from '../frame/top-bar.module.css';
import type { SaveState } from '../graph-editing/editor-state.ts';
import { useEditor, useEditorApi } from '../open-workflow/editor-store.ts';
import { classes } from '../ui/class-names.ts';
import { useLiveValue } from '../ui/clock.ts';
import { Duration } from '../ui/figures.tsx';
import { Kbd } from '../ui/kbd.tsx';
import { useComparison } from '../versions/comparison-context.tsx';
import { useDraftChanges } from '../versions/use-draft-changes.ts';
import styles from '../workbench/editor-bar.module.css';
import { ProblemCount } from './problem-count.tsx';
import { ShareButton } from './share-button.tsx';
import type { RunButtonState } from './use-run-button.ts';
import { WorkflowName } from './workflow-name.tsx';

/** The bar at the top of the editor: workflow name, state, and actions. */
export function EditorBar({ run }: { run: RunButtonState }) {
  return (
    <header className={bar.bar}>
      <div className={bar.place}>
        <nav aria-label="Breadcrumb" className={bar.parent}>
          <Link to="/workflows">Workflows</Link>
          <span aria-hidden>/</span>
        </nav>
        <WorkflowName />
      </div>
      <div className={classes(bar.state, styles.state, styles.line)}>
        <span className={classes(styles.mark, styles.draft)}>
          <IconPencil size={15} stroke={1.6} aria-hidden />
          Draft
        </span>
        <SaveMark />
        <LiveMark />
        <ProblemCount />
      </div>
      <div className={bar.space} />
      <div className={bar.actions}>
        <SettingsButton />
        <PanelButton panel="triggers" label="Triggers" icon={IconBolt} />
        <PanelButton panel="webhook" label="Webhook" icon={IconWebhook} />
        <ShareButton />
        <RunButton run={run} />
        <PublishButton quiet={run.runningSince !== undefined} />
      </div>
    </header>
  );
}

/** The live version. Opens the list of versions. */
function LiveMark() {
  const editor = useEditorApi();
  const live = useEditor((state) => state.liveVersion);
  const paused = useEditor((state) => state.paused);
  const open = useEditor((state) => state.panel === 'versions');
  const { openList } = useComparison();
  if (live === null) return <span className={styles.mark}>Not published</span>;
  return (
    <span className={styles.mark}>
      <UnstyledButton className={styles.live} aria-expanded={open} title="Versions" onClick={() => (open ? editor.getState().openPanel(null) : openList())}>
        <i className={styles.dot} data-paused={paused || undefined} aria-hidden />
        {paused ? `v${live} is paused` : `v${live} is live`}
      </UnstyledButton>
      <CanaryMark />
    </span>
  );
}

/** The version that takes a part of live runs. Opens its release. */
function CanaryMark() {
  const workflowId = useEditor((state) => state.workflowId);
  const canary = useRelease(workflowId).data?.versions[1];
  if (!canary) return null;
  return (
    <Link to="/workflows/$id/release" params={{ id: workflowId }} className={styles.canary}>
      v{canary.version} takes {canary.weight}%
    </Link>
  );
}

/** Opens the panel that publishes the draft. Quiet while there is nothing to publish. */
function PublishButton({ quiet }: { quiet: boolean }) {
  const next = useEditor((state) => state.nextVersion);
  const open = useEditor((state) => state.panel === 'versions');
  const blocked = useEditor((state) => state.saveState === 'offline' || state.saveState === 'conflict');
  const isUnchanged = useDraftChanges()?.changes.length === 0;
  const { startPublishing } = useComparison();
  useLinkToPublish(startPublishing);
  return (
    <Button variant={open ? 'light' : quiet || blocked || isUnchanged ? 'default' : 'filled'} disabled={blocked} aria-expanded={open} onClick={startPublishing}>
      Publish v{next}
    </Button>
  );
}

/** A link with `#publish` opens the panel, once. */
function useLinkToPublish(startPublishing: () => void): void {
  const isWanted = useLocation({ select: ({ hash }) => hash === 'publish' });
  const navigate = useNavigate();
  useEffect(() => {
    if (!isWanted) return;
    startPublishing();
    void navigate({ to: '.', hash: '', replace: true });
  }, [isWanted, startPublishing, navigate]);
}

function PanelButton({ panel, label, icon: Glyph }: { panel: 'triggers' | 'webhook'; label: string; icon: Icon }) {
  const open = useEditor((state) => state.panel === panel);
  const openPanel = useEditor((state) => state.openPanel);
  return (
    <Button
      variant={open ? 'light' : 'subtle'}
      color={open ? 'indigo' : 'gray'}
      className={classes(styles.foldable, open ? undefined : styles.plain)}
      aria-label={label}
      aria-pressed={open}
      leftSection={<Glyph size={17} stroke={1.6} />}
      onClick={() => openPanel(open ? null : panel)}
    >
      <span className={styles.word}>{label}</span>
    </Button>
  );
}

/** The time since a moment. */
function Elapsed({ since }: { since: string }) {
  const inSeconds = useLiveValue(
    true,
    (now) => {
      const ms = now - Date.parse(since);
      return ms >= 1_000 && ms < 59_500;
    },
    Object.is,
  );
  return (
    <span className={styles.elapsed} data-seconds={inSeconds || undefined}>
      <Duration from={since} to={null} />
    </span>
  );
}

function RunButton({ run }: { run: RunButtonState }) {
  const blocked = useEditor((state) => state.saveState === 'offline' || state.saveState === 'conflict');
  if (run.runningSince !== undefined) {
    return (
      <Button className={styles.stop} leftSection={<IconPlayerStopFilled size={15} />} onClick={run.toggle} loading={run.busy}>
        Cancel run
        <Elapsed since={run.runningSince} />
      </Button>
    );
  }
  return (
    <Button
      leftSection={<IconPlayerPlay size={16} stroke={1.7} />}
      rightSection={
        <span aria-hidden>
          <Kbd>R</Kbd>
        </span>
      }
      aria-keyshortcuts="R"
      onClick={run.toggle}
      disabled={blocked}
      loading={run.busy}
    >
      Run
    </Button>
  );
}

function SettingsButton() {
  const open = useEditor((state) => state.panel === 'workflow');
  const openPanel = useEditor((state) => state.openPanel);
  return (
    <Tooltip label="Name, description, variables, and alerts">
      <ActionIcon aria-label="Workflow settings" aria-pressed={open} onClick={() => openPanel(open ? null : 'workflow')}>
        <IconSettings size={17} stroke={1.6} />
      </ActionIcon>
    </Tooltip>
  );
}

const MARKS: Record<SaveState, { icon: typeof IconCheck; words: string; warn?: boolean }> = {
  saved: { icon: IconCheck, words: 'Saved' },
  saving: { icon: IconLoader2, words: 'Saving' },
  unsaved: { icon: IconLoader2, words: 'Saving' },
  offline: { icon: IconDeviceLaptop, words: 'Unsaved changes' },
  conflict: { icon: IconAlertCircle, words: 'Couldn’t save', warn: true },
};

/** The save state as text. */
function SaveMark() {
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
