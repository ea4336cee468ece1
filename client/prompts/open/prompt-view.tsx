import type { PromptVersion, PromptWithVersions } from '@switchyard/shared/contracts/prompts.ts';
import { useState } from 'react';
import { usePrompt, usePromptVersion } from '../../api/queries.ts';
import { ErrorState } from '../../frame/error-state.tsx';
import { PartLoading } from '../../frame/page-loading.tsx';
import { usePromptDraft } from '../draft/use-prompt-draft.ts';
import { TryPanel } from '../try/try-panel.tsx';
import { ChangesStrip } from './changes-strip.tsx';
import { History } from './history.tsx';
import { Messages } from './messages.tsx';
import { MovedStrip, useMovedLabel } from './moved-strip.tsx';
import { PromoteStrip } from './promote-strip.tsx';
import { PromptHeader } from './prompt-header.tsx';
import styles from './prompt-view.module.css';
import { SidePanel } from './side-panel.tsx';

interface Place {
  /** The version shown read-only. Undefined for the working copy. */
  readonly version: number | undefined;
  readonly onVersion: (version: number | undefined) => void;
  readonly onClose: () => void;
}

/** One prompt: loads it with its newest version. */
export function PromptView({ name, ...place }: Place & { name: string }) {
  const prompt = usePrompt(name);
  const latest = usePromptVersion(name, prompt.data?.latestVersion ?? 0, prompt.isSuccess);
  const failed = [prompt, latest].find(({ error, data }) => error && !data);
  if (failed) return <ErrorState title={`Couldn’t load prompt “${name}”`} error={failed.error} retry={() => void failed.refetch()} />;
  if (!prompt.data || !latest.data) return <PartLoading />;
  return <OpenPrompt prompt={prompt.data} latest={latest.data} {...place} />;
}

function OpenPrompt({ prompt, latest, version, onVersion, onClose }: Place & { prompt: PromptWithVersions; latest: PromptVersion }) {
  const draft = usePromptDraft(prompt.name, latest);
  const [isPromoting, setPromoting] = useState(false);
  const [moved, setMoved] = useMovedLabel(prompt);
  // Without edits, the newest version is the working copy.
  const shown = version === undefined || (version === latest.number && !draft.isChanged) ? undefined : version;
  const promoted = shown ?? latest.number;
  const saved = usePromptVersion(prompt.name, shown ?? latest.number);
  const subject =
    shown === undefined && draft.isChanged ? { version: undefined, content: draft.content } : saved.data && { version: saved.data.number, content: saved.data };
  return (
    <>
      <PromptHeader
        prompt={prompt}
        draft={draft}
        shown={shown}
        promoted={promoted}
        isPromoting={isPromoting}
        onPromote={() => setPromoting(!isPromoting)}
        onRestored={() => {
          onVersion(undefined);
          setPromoting(prompt.labels.length > 0);
        }}
        onClose={onClose}
      />
      <div className={styles.scroll}>
        <History prompt={prompt} draft={draft} shown={shown} onVersion={onVersion} />
        {/* Siblings with the same key would leave a removed one in the page. */}
        {isPromoting && <PromoteStrip key={`promote-${promoted}`} prompt={prompt} version={promoted} onMoved={setMoved} onClose={() => setPromoting(false)} />}
        {moved && <MovedStrip name={prompt.name} moved={moved} onClose={() => setMoved(undefined)} />}
        {shown === undefined && draft.isChanged && <ChangesStrip prompt={prompt} draft={draft} />}
        {shown === undefined ? (
          <div className={styles.body}>
            <Messages
              prompt={prompt}
              content={draft.content}
              version={draft.isChanged ? undefined : latest.number}
              compareWith={draft.isChanged ? draft.base : before(latest.number)}
              change={draft.change}
            />
            <SidePanel prompt={prompt} content={draft.content} change={draft.change} />
          </div>
        ) : (
          <EarlierVersion key={`version-${shown}`} prompt={prompt} number={shown} />
        )}
      </div>
      <TryPanel name={prompt.name} subject={subject} baseline={baselineOf(prompt)} />
    </>
  );
}

/** The version in production, else the one before the newest. */
const baselineOf = ({ labels, latestVersion }: PromptWithVersions): number =>
  labels.find(({ label }) => label === 'production')?.version ?? Math.max(1, latestVersion - 1);

const before = (version: number): number | undefined => (version > 1 ? version - 1 : undefined);

/** A saved version. */
function EarlierVersion({ prompt, number }: { prompt: PromptWithVersions; number: number }) {
  const { data, error, refetch } = usePromptVersion(prompt.name, number);
  if (error && !data) return <ErrorState title={`Couldn’t load version ${number}`} error={error} retry={() => void refetch()} />;
  if (!data) return <PartLoading />;
  return (
    <div className={styles.body}>
      <Messages prompt={prompt} content={data} version={number} compareWith={before(number)} />
      <SidePanel prompt={prompt} content={data} />
    </div>
  );
}
