import { TopBar } from '../ui/top-bar.tsx';

export function TemplatesPage() {
  return <TopBar title="Templates" />;
}
