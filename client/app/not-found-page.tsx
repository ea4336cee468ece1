import { Button } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { EmptyState } from '../ui/empty-state.tsx';
import { TopBar } from '../ui/top-bar.tsx';

export function NotFoundPage() {
  return (
    <>
      <TopBar title="Not found" />
      <EmptyState
        title="There is no such page"
        text="The address may be mistyped, or what it led to was deleted."
        action={
          <Button component={Link} to="/workflows">
            Go to workflows
          </Button>
        }
      />
    </>
  );
}
