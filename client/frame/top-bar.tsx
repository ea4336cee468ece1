import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { OfflineStrip } from './offline-strip.tsx';
import type { StaticPage } from './static-pages.ts';
import styles from './top-bar.module.css';

interface TopBarProps {
  /** The page’s only h1. */
  readonly title: ReactNode;
  /** The parent page, linked before the title. */
  readonly parent?: { readonly to: StaticPage; readonly label: string };
  /** The workflow that the page is about, linked after the parent. */
  readonly workflow?: { readonly id: string; readonly name: string };
  /** State or filters, right after the title. */
  readonly state?: ReactNode;
  /** Search and buttons, the primary one last. */
  readonly actions?: ReactNode;
  /** Shown while the server can’t be reached. */
  readonly offline?: string;
}

/** The bar at the top of each page: location, state, actions. */
export function TopBar({ title, parent, workflow, state, actions, offline = 'Offline. This page may be out of date.' }: TopBarProps) {
  return (
    <>
      <header className={styles.bar}>
        <div className={styles.place}>
          {parent && (
            <nav aria-label="Breadcrumb" className={styles.parent}>
              <Link to={parent.to}>{parent.label}</Link>
              <span aria-hidden>/</span>
              {workflow && (
                <>
                  <Link to="/workflows/$id" params={{ id: workflow.id }} className={styles.workflow} title={workflow.name} dir="auto">
                    {workflow.name}
                  </Link>
                  <span aria-hidden>/</span>
                </>
              )}
            </nav>
          )}
          <h1 className={styles.title}>{title}</h1>
        </div>
        {state && <div className={styles.state}>{state}</div>}
        <div className={styles.space} />
        {actions && <div className={styles.actions}>{actions}</div>}
      </header>
      <OfflineStrip text={offline} />
    </>
  );
}
