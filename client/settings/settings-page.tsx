import { TopBar } from '../ui/top-bar.tsx';

export function SettingsPage() {
  return <TopBar title="Settings" />;
}
