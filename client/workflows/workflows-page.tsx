import { TopBar } from '../ui/top-bar.tsx';

export function WorkflowsPage() {
  return <TopBar title="Workflows" />;
}
