import { TopBar } from '../ui/top-bar.tsx';

export function RunsPage() {
  return <TopBar title="Runs" />;
}
