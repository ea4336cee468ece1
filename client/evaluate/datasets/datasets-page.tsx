import { Button, Skeleton } from '@mantine/core';
import type { Dataset } from '@switchyard/shared/contracts/evaluation/datasets.ts';
import { IconGavel, IconPlus } from '@tabler/icons-react';
import { Link, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useDatasets } from '../../api/evaluation/dataset-queries.ts';
import { ErrorState } from '../../frame/error-state.tsx';
import { SearchBox } from '../../frame/search-box.tsx';
import { TopBar } from '../../frame/top-bar.tsx';
import { ButtonLink } from '../../ui/button-link.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { TimeAgo } from '../../ui/figures.tsx';
import { formatNumber } from '../../ui/format.ts';
import { EvaluateTabs } from '../evaluate-tabs.tsx';
import styles from './datasets-page.module.css';
import { NewDataset } from './new-dataset.tsx';

/** The datasets of the workspace. */
export function DatasetsPage() {
  const [search, setSearch] = useState('');
  const [isCreating, setCreating] = useState(false);
  const navigate = useNavigate();
  return (
    <>
      <TopBar
        title="Evaluate"
        state={<EvaluateTabs />}
        actions={
          <>
            <SearchBox value={search} onChange={setSearch} label="Search datasets" />
            <ButtonLink to="/evaluate/rubrics" leftSection={<IconGavel size={16} stroke={1.7} />}>
              Rubrics
            </ButtonLink>
            <Button variant="filled" leftSection={<IconPlus size={16} stroke={1.8} />} onClick={() => setCreating(true)}>
              New dataset
            </Button>
          </>
        }
      />
      <div className={styles.page}>
        <Datasets search={search.trim().toLowerCase()} onCreate={() => setCreating(true)} />
      </div>
      {isCreating && <NewDataset onClose={() => setCreating(false)} onCreated={({ id }) => void navigate({ to: '/evaluate/datasets/$id', params: { id } })} />}
    </>
  );
}

function Datasets({ search, onCreate }: { search: string; onCreate: () => void }) {
  const { data, error, refetch } = useDatasets();
  if (error && !data) return <ErrorState title="Couldn’t load datasets" error={error} retry={() => void refetch()} />;
  if (!data) {
    return (
      <div role="status" aria-label="Loading datasets">
        <Skeleton height={14} width="40%" />
      </div>
    );
  }
  if (data.length === 0)
    return (
      <EmptyState
        title="No datasets yet"
        text="A dataset holds inputs with the outputs you expect. Collect items from runs, a CSV file, or sample inputs, then try a new version on all of them before it goes live."
        action={
          <Button variant="filled" leftSection={<IconPlus size={16} stroke={1.8} />} onClick={onCreate}>
            Create dataset
          </Button>
        }
      />
    );
  const found = data.filter(({ name, description }) => `${name} ${description}`.toLowerCase().includes(search));
  if (found.length === 0) return <EmptyState title="No datasets match" text="Try a shorter search." />;
  return (
    <ul className={styles.list} aria-label="Datasets">
      {found.map((dataset) => (
        <DatasetLine key={dataset.id} dataset={dataset} />
      ))}
    </ul>
  );
}

function DatasetLine({ dataset: { id, name, description, items, createdAt } }: { dataset: Dataset }) {
  return (
    <li className={styles.line}>
      <Link to="/evaluate/datasets/$id" params={{ id }} className={styles.name}>
        {name}
      </Link>
      <span className={styles.quiet}>{description}</span>
      <span className={styles.count}>{items === 1 ? '1 item' : `${formatNumber(items)} items`}</span>
      <span className={styles.when}>
        Created <TimeAgo at={createdAt} />
      </span>
    </li>
  );
}
