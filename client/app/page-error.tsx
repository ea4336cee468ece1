import type { ErrorComponentProps } from '@tanstack/react-router';
import type { ReactElement } from 'react';
import { ErrorState } from '../frame/error-state.tsx';
import { TopBar } from '../frame/top-bar.tsx';

/** What is shown when a page itself broke. */
export function PageError({ error, reset }: ErrorComponentProps): ReactElement {
  return (
    <>
      <TopBar title="Something went wrong" />
      <ErrorState title="This page could not be shown" error={error} retry={reset} />
    </>
  );
}
