import { Loader, Skeleton } from '@mantine/core';
import { useRouterState } from '@tanstack/react-router';
import type { ReactElement } from 'react';
import styles from './page-loading.module.css';
import { TopBar } from './top-bar.tsx';

/** Titles of pages whose bar starts with only a title. */
const TITLES: Readonly<Record<string, string>> = {
  '/workflows': 'Workflows',
  '/runs': 'Runs',
  '/templates': 'Templates',
  '/models': 'Models',
  '/usage': 'Usage',
  '/usage/prices': 'Prices',
  '/settings/audit': 'Audit',
  '/settings/inventory': 'Data inventory',
  '/settings/system': 'System',
  '/settings': 'Settings',
};

const PARENTS = {
  '/workflows/': { to: '/workflows', label: 'Workflows' },
  '/runs/': { to: '/runs', label: 'Runs' },
} as const;

/** A page that is loading: its top bar is shown at once. */
export function PageLoading(): ReactElement {
  const path = useRouterState({ select: (state) => state.location.pathname });
  return (
    <>
      <Bar path={path} />
      <PartLoading />
    </>
  );
}

function Bar({ path }: { path: string }) {
  const title = TITLES[path];
  if (title) return <TopBar title={title} />;
  if (path === '/inbox' || path === '/prompts') return <h1 className={styles.list}>{path === '/inbox' ? 'Inbox' : 'Prompts'}</h1>;
  const parent = path.startsWith('/workflows/') ? PARENTS['/workflows/'] : path.startsWith('/runs/') ? PARENTS['/runs/'] : undefined;
  return parent ? <TopBar parent={parent} title={<Skeleton width={150} height={14} aria-label="Loading" />} /> : null;
}

/** Part of a page that is loading. */
export function PartLoading(): ReactElement {
  return (
    <div className={styles.loading} role="status">
      <Loader size="sm" type="oval" />
      <span className="visually-hidden">Loading</span>
    </div>
  );
}
