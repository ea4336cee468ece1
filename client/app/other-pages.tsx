import type { ErrorComponentProps } from '@tanstack/react-router';
import type { ReactElement } from 'react';
import { ErrorState } from '../frame/error-state.tsx';
import { TopBar } from '../frame/top-bar.tsx';
import { ButtonLink } from '../ui/button-link.tsx';
import { EmptyState } from '../ui/empty-state.tsx';

/** Shown when a page fails to render. */
export function PageError({ error, reset }: ErrorComponentProps): ReactElement {
  return (
    <>
      <TopBar title="Something went wrong" />
      <ErrorState title="Couldn’t display this page" error={error} retry={reset} />
    </>
  );
}

export function NotFoundPage(): ReactElement {
  return (
    <>
      <TopBar title="Not found" />
      <EmptyState
        title="Page not found"
        text="Check the URL. The page may have been deleted."
        action={<ButtonLink to="/workflows">Go to workflows</ButtonLink>}
      />
    </>
  );
}
