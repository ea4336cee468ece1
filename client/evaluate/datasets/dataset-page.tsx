import { Button, SegmentedControl, Skeleton } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import type { DatasetDetails } from '@switchyard/shared/contracts/evaluation/datasets.ts';
import { ITEM_SOURCES, SPLITS } from '@switchyard/shared/evaluation/choices.ts';
import { IconDatabaseImport, IconTag } from '@tabler/icons-react';
import { useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { useDataset, useDatasetItems } from '../../api/evaluation/dataset-queries.ts';
import { ErrorState } from '../../frame/error-state.tsx';
import { FilterMenu } from '../../frame/filter-menu.tsx';
import { SearchBox } from '../../frame/search-box.tsx';
import { TopBar } from '../../frame/top-bar.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { formatNumber } from '../../ui/format.ts';
import { AddMenu, ExportMenu } from './dataset-menus.tsx';
import styles from './dataset-page.module.css';
import type { DatasetSearch } from './dataset-search.ts';
import { DatasetSettings } from './dataset-settings.tsx';
import { ItemPanel } from './items/item-panel.tsx';
import { ItemTable } from './items/item-table.tsx';
import { itemWords } from './parts/added.tsx';
import { SOURCE_LABELS, SPLIT_LABELS } from './parts/item-words.ts';

const PARENT = { to: '/evaluate/datasets', label: 'Datasets' } as const;
const SOURCES = ITEM_SOURCES.map((value) => ({ value, label: SOURCE_LABELS[value] }));

/** A dataset: its items, and the open one beside them. A narrow window shows one of the two. */
export function DatasetPage() {
  const { id } = useParams({ from: '/evaluate/datasets/$id' });
  const { data: dataset, error, refetch } = useDataset(id);
  return (
    <>
      <TopBar
        parent={PARENT}
        title={dataset?.name ?? 'Dataset'}
        state={dataset && <Counts dataset={dataset} />}
        actions={
          dataset && (
            <>
              <DatasetSettings dataset={dataset} />
              <ExportMenu dataset={dataset} />
              <AddMenu dataset={dataset} />
            </>
          )
        }
      />
      {error && !dataset && <ErrorState title="Couldn’t load dataset" error={error} retry={() => void refetch()} />}
      {!dataset && !error && (
        <div className={styles.loading} role="status" aria-label="Loading dataset">
          <Skeleton height={14} width="40%" />
        </div>
      )}
      {dataset && <Items key={id} dataset={dataset} />}
    </>
  );
}

const Counts = ({ dataset: { items, counts } }: { dataset: DatasetDetails }) => (
  <span className={styles.counts}>
    {itemWords(items)} · {formatNumber(counts.tune)} tune · {formatNumber(counts.gate)} gate
  </span>
);

/** Changes the URL. Undefined removes a part of it. */
type Go = (changes: { [K in keyof DatasetSearch]?: DatasetSearch[K] | undefined }) => void;

function Items({ dataset }: { dataset: DatasetDetails }) {
  const { item, ...filters } = useSearch({ from: '/evaluate/datasets/$id' });
  const navigate = useNavigate({ from: '/evaluate/datasets/$id' });
  const [text, setText] = useState('');
  const [search] = useDebouncedValue(text.trim(), 250);
  const go: Go = (changes) =>
    void navigate({
      search: (before) => Object.fromEntries(Object.entries({ ...before, ...changes }).filter(([, value]) => value !== undefined)),
      replace: true,
    });
  return (
    <div className={styles.page} data-open={item !== undefined || undefined}>
      <div className={styles.list}>
        <div className={styles.tools}>
          <SegmentedControl
            aria-label="Split"
            data={[{ value: '', label: 'All' }, ...SPLITS.map((value) => ({ value, label: SPLIT_LABELS[value] }))]}
            value={filters.split ?? ''}
            onChange={(value) => go({ split: SPLITS.find((one) => one === value) })}
          />
          <FilterMenu
            name="Tag"
            any="Any tag"
            Icon={IconTag}
            value={filters.tag}
            options={dataset.tags.map((value) => ({ value, label: value }))}
            onChange={(tag) => go({ tag })}
          />
          <FilterMenu name="Source" any="Any source" Icon={IconDatabaseImport} value={filters.source} options={SOURCES} onChange={(source) => go({ source })} />
          <SearchBox value={text} onChange={setText} label="Search items" />
        </div>
        {dataset.description !== '' && <p className={styles.description}>{dataset.description}</p>}
        <Listed
          dataset={dataset}
          filter={{ ...filters, ...(search !== '' && { search }) }}
          open={item}
          onOpen={(id) => go({ item: id === item ? undefined : id })}
        />
      </div>
      {item !== undefined && (
        <div className={styles.item} data-covers-rail>
          <ItemPanel key={item} datasetId={dataset.id} id={item} tags={dataset.tags} onClose={() => go({ item: undefined })} />
        </div>
      )}
    </div>
  );
}

interface ListedProps {
  readonly dataset: DatasetDetails;
  readonly filter: Parameters<typeof useDatasetItems>[1];
  readonly open: string | undefined;
  readonly onOpen: (id: string) => void;
}

function Listed({ dataset, filter, open, onOpen }: ListedProps) {
  const { data, error, refetch, fetchNextPage, hasNextPage, isFetchingNextPage } = useDatasetItems(dataset.id, filter);
  if (error && !data) return <ErrorState title="Couldn’t load items" error={error} retry={() => void refetch()} />;
  if (!data)
    return (
      <div className={styles.loading} role="status" aria-label="Loading items">
        <Skeleton height={14} width="60%" />
      </div>
    );
  const items = data.pages.flatMap((page) => page.items);
  if (items.length === 0)
    return Object.keys(filter).length > 0 ? (
      <EmptyState title="No items match" text="Change or remove a filter." />
    ) : (
      <EmptyState
        title="No items yet"
        text="Add runs with good outputs, a CSV file, or a workflow’s sample inputs. You can also add reviewers’ corrections."
        action={<AddMenu dataset={dataset} />}
      />
    );
  return (
    <>
      <div className={styles.items}>
        <ItemTable items={items} open={open} onOpen={onOpen} />
      </div>
      {hasNextPage && (
        <div className={styles.more}>
          <Button loading={isFetchingNextPage} onClick={() => void fetchNextPage()}>
            Show more
          </Button>
        </div>
      )}
    </>
  );
}
