import { Loader } from '@mantine/core';
import type { ReactElement } from 'react';
import styles from './page-loading.module.css';

export function PageLoading(): ReactElement {
  return (
    <div className={styles.loading} role="status">
      <Loader size="sm" type="oval" />
      <span className="visually-hidden">Loading</span>
    </div>
  );
}
