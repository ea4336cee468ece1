import type { ErrorComponentProps } from '@tanstack/react-router';
import type { ReactElement } from 'react';
import { ErrorState } from '../frame/error-state.tsx';
import { TopBar } from '../frame/top-bar.tsx';
import { ButtonLink } from '../ui/button-link.tsx';
import { EmptyState } from '../ui/empty-state.tsx';

/** What is shown when a page itself broke. */
export function PageError({ error, reset }: ErrorComponentProps): ReactElement {
  return (
    <>
      <TopBar title="Something went wrong" />
      <ErrorState title="This page could not be shown" error={error} retry={reset} />
    </>
  );
}

export function NotFoundPage(): ReactElement {
  return (
    <>
      <TopBar title="Not found" />
      <EmptyState
        title="There is no such page"
        text="The address may be mistyped, or what it led to was deleted."
        action={<ButtonLink to="/workflows">Go to workflows</ButtonLink>}
      />
    </>
  );
}
