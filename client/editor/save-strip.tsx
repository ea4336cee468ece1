import { Button, Popover } from '@mantine/core';
import type { Graph } from '@switchyard/shared/graph/graph.ts';
import { diffGraphs, type EdgeDifference, type FieldDifference, isSameGraph, type NodeDifference } from '@switchyard/shared/graph/graph-diff.ts';
import { IconAlertCircle, IconCloudOff, IconVersions } from '@tabler/icons-react';
import { useState } from 'react';
import type { Conflict } from '../graph-editing/editor-state.ts';
import { fieldName, fieldText } from '../graph-editing/field-text.ts';
import { liveSocket, useConnection } from '../live/socket.ts';
import { useEditor, useEditorApi } from '../open-workflow/editor-store.ts';
import { useLiveNow, useSlowNow } from '../ui/clock.ts';
import { formatAgo } from '../ui/format.ts';
import styles from './save-strip.module.css';

/** The strip below the bar, shown when the draft can’t be saved: why, and what to do. */
export function SaveStrip() {
  const saveState = useEditor((state) => state.saveState);
  const conflict = useEditor((state) => state.conflict);
  const refused = useEditor((state) => state.saveError);
  const online = useConnection((connection) => connection.online);
  if (conflict) return <ConflictStrip conflict={conflict} />;
  if (saveState === 'offline') return <OfflineStrip />;
  if (refused) return <RefusedStrip words={refused} />;
  return online ? null : <DisconnectedStrip />;
}

function OfflineStrip() {
  const editor = useEditorApi();
  const retryAt = useEditor((state) => state.retryAt);
  const now = useLiveNow(retryAt !== null);
  const seconds = retryAt === null ? 0 : Math.max(0, Math.ceil((retryAt - now) / 1_000));
  return (
    <div className={styles.strip} data-tone="offline" role="status">
      <IconCloudOff size={17} stroke={1.6} aria-hidden />
      <span className={styles.words}>Offline. Changes are saved in this browser and synced when you’re back.</span>
      <span className={styles.next} aria-hidden>
        {retryAt !== null && `retrying in ${seconds} s`}
      </span>
      <Button size="xs" onClick={() => void editor.getState().saveNow()}>
        Retry now
      </Button>
    </div>
  );
}

function DisconnectedStrip() {
  return (
    <div className={styles.strip} data-tone="offline" role="status">
      <IconCloudOff size={17} stroke={1.6} aria-hidden />
      <span className={styles.words}>Offline. Runs aren’t updated live. Edits are saved in this browser.</span>
      <span className={styles.next}>Reconnecting…</span>
      <Button size="xs" onClick={() => liveSocket().connect()}>
        Retry now
      </Button>
    </div>
  );
}

function RefusedStrip({ words }: { words: string }) {
  const editor = useEditorApi();
  return (
    <div className={styles.strip} data-tone="conflict" role="status">
      <IconAlertCircle size={17} stroke={1.6} aria-hidden />
      <span className={styles.words}>The server rejected this draft: {words} It’s saved in this browser.</span>
      <Button size="xs" onClick={() => void editor.getState().saveNow()}>
        Try again
      </Button>
    </div>
  );
}

function ConflictStrip({ conflict }: { conflict: Conflict }) {
  const editor = useEditorApi();
  const now = useSlowNow();
  const [shown, setShown] = useState(false);
  const when = conflict.updatedAt ? ` ${formatAgo(new Date(conflict.updatedAt), new Date(now))}` : '';
  return (
    <div className={styles.strip} data-tone="conflict" role="alert">
      <IconVersions size={17} stroke={1.6} aria-hidden />
      <span className={styles.words}>This workflow changed elsewhere{when}.</span>
      <Popover opened={shown} onChange={setShown} position="bottom-end" width={420}>
        <Popover.Target>
          <Button size="xs" aria-expanded={shown} onClick={() => setShown(!shown)}>
            Compare
          </Button>
        </Popover.Target>
        <Popover.Dropdown>
          <ChangeList theirs={conflict.theirs} />
        </Popover.Dropdown>
      </Popover>
      <Button size="xs" onClick={() => editor.getState().keepMine()}>
        Keep my version
      </Button>
      <Button size="xs" onClick={() => editor.getState().takeTheirs()}>
        Use their version
      </Button>
    </div>
  );
}

/** A field in both versions. */
function FieldTexts({ field: { path, before, after } }: { field: FieldDifference }) {
  return (
    <dl className={styles.setting}>
      <dt>{fieldName(path)}</dt>
      <dd>
        <b>Mine</b> {fieldText(before) || '(empty)'}
      </dd>
      <dd>
        <b>Theirs</b> {fieldText(after) || '(empty)'}
      </dd>
    </dl>
  );
}

const WORDS: Record<NodeDifference['kind'], string> = { added: 'only in theirs', removed: 'only in mine', changed: 'differs', moved: 'moved' };

/** How the other draft differs from mine, node by node. */
function ChangeList({ theirs }: { theirs: Graph }) {
  const mine = useEditor((state) => state.graph);
  const diff = diffGraphs(mine, theirs);
  const count = (kind: EdgeDifference['kind']) => diff.edges.filter((edge) => edge.kind === kind).length;
  return (
    <div className={styles.changes}>
      <h2 className={styles.title}>Compare versions</h2>
      {isSameGraph(diff) && <p className={styles.quiet}>Nodes and edges are identical.</p>}
      <ul className={styles.list}>
        {diff.nodes.map(({ kind, before, after, fields }) => (
          <li key={(after ?? before)?.id} data-kind={kind}>
            <span>{(after ?? before)?.data.title}</span>
            <em>{WORDS[kind]}</em>
            {fields.map((field) => (
              <FieldTexts key={fieldName(field.path)} field={field} />
            ))}
          </li>
        ))}
      </ul>
      {count('added') > 0 && <p className={styles.quiet}>Edges only in theirs: {count('added')}</p>}
      {count('removed') > 0 && <p className={styles.quiet}>Edges only in mine: {count('removed')}</p>}
      {count('changed') > 0 && <p className={styles.quiet}>Edges with other limits: {count('changed')}</p>}
      {diff.vars.map((field) => (
        <FieldTexts key={fieldName(['vars', ...field.path])} field={{ ...field, path: ['vars', ...field.path] }} />
      ))}
      {diff.helpers.map((field) => (
        <FieldTexts key="helpers" field={field} />
      ))}
      <p className={styles.quiet}>You can undo this.</p>
    </div>
  );
}
