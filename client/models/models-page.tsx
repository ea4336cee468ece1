import { TopBar } from '../ui/top-bar.tsx';

export function ModelsPage() {
  return <TopBar title="Models" />;
}
