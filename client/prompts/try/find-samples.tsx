import { Button, Checkbox, Modal } from '@mantine/core';
import type { PromptSample } from '@switchyard/shared/contracts/prompt-samples.ts';
import { useState } from 'react';
import { usePromptSamples } from '../../api/queries.ts';
import { ErrorState } from '../../frame/error-state.tsx';
import { PartLoading } from '../../frame/page-loading.tsx';
import { shortId } from '../../run-look/run-labels.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import { TimeAgo } from '../../ui/figures.tsx';
import type { DraftContent } from '../draft/prompt-draft.ts';
import styles from './find-samples.module.css';
import { type FoundSample, foundSamples } from './found-samples.ts';
import type { Samples } from './use-samples.ts';

interface Props {
  readonly name: string;
  readonly content: DraftContent;
  readonly samples: Samples;
  readonly onClose: () => void;
  /** Gets the ID of the first added sample. */
  readonly onAdded?: (id: string) => void;
}

/** Adds samples from past runs, and from sample inputs of workflows and templates. */
export function FindSamples({ name, content, samples, onClose, onAdded }: Props) {
  const query = usePromptSamples(name);
  const [chosen, setChosen] = useState<readonly string[]>([]);
  const found = foundSamples(query.data?.items ?? [], content, samples.list);
  const free = found.filter(({ isKnown }) => !isKnown).map(({ id }) => id);
  const add = () => {
    const first = samples.add(found.filter(({ id }) => chosen.includes(id)).map(({ sample }) => sample));
    onAdded?.(first);
    onClose();
  };
  return (
    <Modal opened onClose={onClose} title="Add samples" size={640}>
      <div className={styles.content}>
        {query.isPending && <PartLoading />}
        {query.isError && <ErrorState title="Couldn’t load samples" error={query.error} retry={() => void query.refetch()} />}
        {query.isSuccess && found.length === 0 && (
          <EmptyState title="No samples found" text="Run a workflow that uses this prompt, or add sample inputs to its Input node." />
        )}
        {found.length > 0 && (
          <>
            <p className={styles.note}>From the latest runs, workflows, and templates that use this prompt. Added samples are kept in this browser.</p>
            <Checkbox
              size="xs"
              label="Select all"
              checked={free.length > 0 && chosen.length === free.length}
              indeterminate={chosen.length > 0 && chosen.length < free.length}
              disabled={free.length === 0}
              onChange={({ currentTarget: { checked } }) => setChosen(checked ? free : [])}
            />
            <Checkbox.Group aria-label="Samples" value={[...chosen]} onChange={setChosen}>
              <div className={styles.list}>
                {found.map((one) => (
                  <FoundRow key={one.id} {...one} />
                ))}
              </div>
            </Checkbox.Group>
          </>
        )}
        <div className={styles.foot}>
          <Button onClick={onClose}>Cancel</Button>
          <Button variant="filled" disabled={chosen.length === 0} onClick={add}>
            {chosen.length < 2 ? 'Add sample' : `Add ${chosen.length} samples`}
          </Button>
        </div>
      </div>
    </Modal>
  );
}

/** The values of a sample, and where they are from. */
function FoundRow({ id, found, sample, isKnown }: FoundSample) {
  return (
    <Checkbox
      size="xs"
      value={id}
      disabled={isKnown}
      label={
        <span className={styles.values}>
          {Object.entries(sample.values).map(([name, value]) => (
            <span key={name} className={styles.value} dir="auto">
              <b>{name}</b> {value}
            </span>
          ))}
        </span>
      }
      description={
        <>
          <Origin {...found} />
          {sample.labels !== '' && `, ${sample.labels}`}
          {isKnown && ', already a sample'}
        </>
      }
    />
  );
}

function Origin({ source, id, from, sample, at }: PromptSample) {
  if (source !== 'run') return `${from}, ${source === 'template' ? 'template, ' : ''}sample input “${sample ?? ''}”`;
  return (
    <>
      {from}, run {shortId(id)}
      {at !== null && (
        <>
          , <TimeAgo at={at} />
        </>
      )}
    </>
  );
}
