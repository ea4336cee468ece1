import { Loader } from '@mantine/core';
import { useRouterState } from '@tanstack/react-router';
import type { ReactElement } from 'react';
import { TopBar } from '../ui/top-bar.tsx';
import styles from './page-loading.module.css';

/** Titles of the pages that have a bar with nothing but a title at its beginning. */
const TITLES: Readonly<Record<string, string>> = {
  '/workflows': 'Workflows',
  '/runs': 'Runs',
  '/templates': 'Templates',
  '/models': 'Models',
  '/settings': 'Settings',
};

/** A page that is on its way: its bar stands there at once. */
export function PageLoading(): ReactElement {
  const title = useRouterState({ select: (state) => TITLES[state.location.pathname] });
  return (
    <>
      {title && <TopBar title={title} />}
      <div className={styles.loading} role="status">
        <Loader size="sm" type="oval" />
        <span className="visually-hidden">Loading</span>
      </div>
    </>
  );
}
