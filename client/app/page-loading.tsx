import { Loader } from '@mantine/core';
import styles from './page-loading.module.css';

export function PageLoading() {
  return (
    <div className={styles.loading} role="status">
      <Loader size="sm" type="oval" />
      <span className="visually-hidden">Loading</span>
    </div>
  );
}
