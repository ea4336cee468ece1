import type { ReactElement } from 'react';
import { TopBar } from '../frame/top-bar.tsx';
import { ButtonLink } from '../ui/button-link.tsx';
import { EmptyState } from '../ui/empty-state.tsx';

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
