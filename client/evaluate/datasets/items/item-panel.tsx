import { Button, CloseButton, Skeleton, TextInput } from '@mantine/core';
import type { DatasetItem } from '@switchyard/shared/contracts/evaluation/datasets.ts';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useDatasetItem, useDeleteItem, useUpdateItem } from '../../../api/evaluation/dataset-queries.ts';
import { ErrorState } from '../../../frame/error-state.tsx';
import { SendError } from '../../../frame/send-error.tsx';
import { shortId } from '../../../run-look/run-labels.ts';
import { ConfirmButton } from '../../../ui/confirm/confirm-button.tsx';
import { showDone, showFailure } from '../../../ui/toast.tsx';
import { inputInOneLine, SOURCE_LABELS, SPLIT_LABELS } from '../parts/item-words.ts';
import { changesOf, draftOf, problemOf } from './item-draft.ts';
import { ItemFields } from './item-fields.tsx';
import styles from './items.module.css';
import { Judgments } from './judgments.tsx';

interface PanelProps {
  readonly datasetId: string;
  readonly id: string;
  readonly tags: readonly string[];
  readonly onClose: () => void;
}

/** An item: what it says, where it comes from, and a form that makes its next version. */
export function ItemPanel({ datasetId, id, tags, onClose }: PanelProps) {
  const { data: item, error, refetch } = useDatasetItem(datasetId, id);
  return (
    <section className={styles.panel} aria-label="Item">
      {error && !item && <ErrorState title="Couldn’t load item" error={error} retry={() => void refetch()} />}
      {!item && !error && (
        <div className={styles.body} role="status" aria-label="Loading item">
          <Skeleton height={14} width="60%" />
        </div>
      )}
      {item && <OpenItem key={`${item.id} ${item.version}`} item={item} tags={tags} onClose={onClose} />}
    </section>
  );
}

function OpenItem({ item, tags, onClose }: { item: DatasetItem; tags: readonly string[]; onClose: () => void }) {
  const update = useUpdateItem(item.datasetId, item.id);
  const remove = useDeleteItem(item.datasetId, item.id);
  const [draft, setDraft] = useState(() => draftOf(item));
  const changes = changesOf(item, draft);
  const isRemoved = item.removedAt !== null;
  return (
    <>
      <header className={styles.head}>
        <div className={styles.names}>
          <p className={styles.facts}>
            Version {item.version} · <Source item={item} /> · {SPLIT_LABELS[item.split].toLowerCase()}
          </p>
          <h2 className={styles.title} dir="auto">
            {isRemoved ? 'Removed item' : inputInOneLine(item.input) || 'Empty input'}
          </h2>
        </div>
        <CloseButton aria-label="Close item" onClick={onClose} />
      </header>
      <div className={styles.body}>
        {isRemoved ? (
          <p className={styles.removed}>The values of this item were removed with its run’s data.</p>
        ) : (
          <ItemFields draft={draft} tags={tags} onChange={setDraft} />
        )}
        {!isRemoved && item.source.runId !== null && <Keep item={item} />}
        <SendError error={update.error} />
        {!isRemoved && <Judgments item={item} />}
      </div>
      <footer className={styles.foot}>
        <ConfirmButton
          label="Delete item"
          question="Removes the item from the dataset. Experiments that used it can still read it."
          busy={remove.isPending}
          onConfirm={() =>
            remove.mutate(undefined, {
              onSuccess: () => {
                showDone('Item deleted');
                onClose();
              },
              onError: (error) => showFailure('Couldn’t delete item', error),
            })
          }
        >
          Delete
        </ConfirmButton>
        <div className={styles.space} />
        {changes && <Button onClick={() => setDraft(draftOf(item))}>Discard changes</Button>}
        {!isRemoved && (
          <Button
            variant="filled"
            disabled={!changes || problemOf(draft) !== undefined}
            loading={update.isPending}
            onClick={() => changes && update.mutate(changes, { onSuccess: ({ version }) => showDone(`Version ${version} saved`) })}
          >
            Save as version {item.version + 1}
          </Button>
        )}
      </footer>
    </>
  );
}

function Source({ item: { source } }: { item: DatasetItem }) {
  if (source.runId !== null)
    return (
      <>
        {source.kind === 'correction' ? 'correction of ' : 'from '}
        <Link to="/runs/$id" params={{ id: source.runId }}>
          run {shortId(source.runId)}
        </Link>
      </>
    );
  return source.name === null ? (source.kind === 'csv' ? 'from a CSV file' : SOURCE_LABELS[source.kind].toLowerCase()) : `sample “${source.name}”`;
}

/** Whether the item stays when the data of its run is removed, and who consented. */
function Keep({ item }: { item: DatasetItem }) {
  const update = useUpdateItem(item.datasetId, item.id);
  const [consent, setConsent] = useState('');
  const save = (keep: { consent: string } | null) =>
    update.mutate({ version: item.version, keep }, { onError: (error) => showFailure('Couldn’t update consent', error) });
  if (item.kept)
    return (
      <div className={styles.field}>
        <span className={styles.label}>Kept</span>
        <p className={styles.hint}>
          Stays when the data of its run is removed. {item.kept.by}: “{item.kept.consent}”
        </p>
        <div>
          <Button size="xs" loading={update.isPending} onClick={() => save(null)}>
            No longer keep
          </Button>
        </div>
      </div>
    );
  return (
    <form
      className={styles.field}
      onSubmit={(event) => {
        event.preventDefault();
        save({ consent: consent.trim() });
      }}
    >
      <TextInput
        label="Keep this item"
        description="Removed with its run’s data, unless you record who consented to keeping it."
        placeholder="The customer agreed by email"
        value={consent}
        maxLength={500}
        onChange={(event) => setConsent(event.currentTarget.value)}
      />
      <div>
        <Button size="xs" type="submit" disabled={consent.trim() === ''} loading={update.isPending}>
          Keep
        </Button>
      </div>
    </form>
  );
}
