import { useMantineColorScheme } from '@mantine/core';
import {
  type Icon,
  IconArchive,
  IconArrowRight,
  IconChartBar,
  IconChartLine,
  IconCpu,
  IconFileText,
  IconFlask,
  IconHistory,
  IconInbox,
  IconLayoutGrid,
  IconListDetails,
  IconLogout,
  IconMoon,
  IconPlug,
  IconPlus,
  IconServer2,
  IconSettings,
  IconSitemap,
  IconSun,
  IconTable,
  IconTag,
} from '@tabler/icons-react';
import { useNavigate } from '@tanstack/react-router';
import { useMemo } from 'react';
import { useUseTemplate } from '../api/make-workflow.ts';
import { useTemplates, useWorkflows } from '../api/queries.ts';
import { useSignInNeeded, useSignOut } from '../api/sign-in-queries.ts';
import { type Command, useCommands } from '../frame/commands.ts';
import { askForNewWorkflow } from '../frame/creating/new-workflow.ts';

const icon = (Glyph: Icon) => <Glyph size={16} stroke={1.6} aria-hidden />;

const PAGES = [
  { to: '/workflows', title: 'Workflows', Glyph: IconSitemap },
  { to: '/runs', title: 'Runs', Glyph: IconListDetails },
  { to: '/inbox', title: 'Inbox', Glyph: IconInbox },
  { to: '/templates', title: 'Templates', Glyph: IconLayoutGrid },
  { to: '/prompts', title: 'Prompts', Glyph: IconFileText },
  { to: '/models', title: 'Models', Glyph: IconCpu },
  { to: '/tables', title: 'Tables', Glyph: IconTable },
  { to: '/usage', title: 'Usage', Glyph: IconChartBar },
  { to: '/insight', title: 'Insight', Glyph: IconChartLine },
  { to: '/evaluate/datasets', title: 'Datasets', Glyph: IconFlask },
  { to: '/evaluate/rubrics', title: 'Rubrics', Glyph: IconFlask },
  { to: '/usage/prices', title: 'Prices', Glyph: IconTag },
  { to: '/settings', title: 'Settings', Glyph: IconSettings },
  { to: '/settings/connections', title: 'Connections', Glyph: IconPlug },
  { to: '/settings/audit', title: 'Audit', Glyph: IconHistory },
  { to: '/settings/inventory', title: 'Data inventory', Glyph: IconArchive },
  { to: '/settings/system', title: 'System', Glyph: IconServer2 },
] as const;

/** Everything the palette offers: the open page’s own commands first. */
export function useAllCommands(): readonly Command[] {
  const registered = useCommands();
  const pages = usePageCommands();
  const doing = useDoing();
  const things = useThings();
  return useMemo(() => [...registered.values(), ...pages, ...doing, ...things], [registered, pages, doing, things]);
}

function usePageCommands(): readonly Command[] {
  const navigate = useNavigate();
  return useMemo(
    () => PAGES.map(({ to, title, Glyph }) => ({ id: `page${to}`, title, group: 'Pages', icon: icon(Glyph), run: () => void navigate({ to }) })),
    [navigate],
  );
}

function useDoing(): readonly Command[] {
  const { setColorScheme } = useMantineColorScheme();
  const signInNeeded = useSignInNeeded();
  const { mutate: signOut } = useSignOut();
  return useMemo(
    () => [
      { id: 'new-workflow', title: 'New workflow', group: 'Actions', icon: icon(IconPlus), words: 'start empty create add', run: askForNewWorkflow },
      { id: 'theme-light', title: 'Switch to light theme', group: 'Actions', icon: icon(IconSun), run: () => setColorScheme('light') },
      { id: 'theme-dark', title: 'Switch to dark theme', group: 'Actions', icon: icon(IconMoon), run: () => setColorScheme('dark') },
      ...(signInNeeded ? [{ id: 'sign-out', title: 'Sign out', group: 'Actions', icon: icon(IconLogout), words: 'log off leave', run: () => signOut() }] : []),
    ],
    [setColorScheme, signInNeeded, signOut],
  );
}

function useThings(): readonly Command[] {
  const navigate = useNavigate();
  const { data: workflows } = useWorkflows();
  const { data: templates } = useTemplates();
  const { mutate: makeOf } = useUseTemplate();
  return useMemo(
    () => [
      ...(workflows ?? []).map(({ id, name, description }) => ({
        id: `workflow-${id}`,
        title: name,
        group: 'Workflows',
        words: description,
        icon: icon(IconArrowRight),
        run: () => void navigate({ to: '/workflows/$id', params: { id } }),
      })),
      ...(templates ?? []).map(({ slug, name, description }) => ({
        id: `template-${slug}`,
        title: name,
        group: 'Start from a template',
        words: description,
        icon: icon(IconLayoutGrid),
        run: () => makeOf({ slug, name }),
      })),
    ],
    [workflows, templates, navigate, makeOf],
  );
}
