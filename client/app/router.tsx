import { createRootRoute, createRoute, createRouter, lazyRouteComponent, type RouteComponent, redirect } from '@tanstack/react-router';
import type { ComponentType } from 'react';
import { queryClient } from '../api/query-client.ts';
import { readAuditSearch } from '../audit/audit-search.ts';
import { readCorrectionsSearch } from '../evaluate/corrections/common/corrections-search.ts';
import { readDatasetSearch } from '../evaluate/datasets/dataset-search.ts';
import { readExperimentSearch } from '../evaluate/experiments/common/experiment-search.ts';
import { readRubricsSearch } from '../evaluate/rubrics/rubrics-search.ts';
import { PageLoading } from '../frame/page-loading.tsx';
import { readInsightSearch } from '../insight/insight-search.ts';
import { readConnectionsSearch } from '../models/services/connections-search.ts';
import { readPromptsSearch } from '../prompts/prompts-search.ts';
import { readInboxSearch } from '../reviews/inbox/inbox-search.ts';
import { readRunSearch } from '../run-page/run-search.ts';
import { readRunsSearch } from '../runs/list/runs-search.ts';
import { readPricesSearch } from '../usage/prices/prices-search.ts';
import { readUsageSearch } from '../usage/range/usage-search.ts';
import { readWorkflowsSearch } from '../workflows/workflows-search.ts';
import { NotFoundPage, PageError } from './other-pages.tsx';
import { Shell } from './shell.tsx';

const root = createRootRoute({ component: Shell, notFoundComponent: NotFoundPage });

/** Redirects to the templates if there is no workflow yet, otherwise to the workflows. Other pages don’t wait for the queries to load. */
async function chooseLanding(): Promise<never> {
  const { workflowsQuery } = await import('../api/queries.ts');
  const workflows = await queryClient.ensureQueryData(workflowsQuery()).catch(() => []);
  throw redirect({ to: workflows.length > 0 ? '/workflows' : '/templates', replace: true });
}

/** A page loaded when first opened. Not typed by its module: pages use the router’s types, which would make the types circular. */
const page = (load: () => Promise<object>, name: string): RouteComponent => lazyRouteComponent(load as () => Promise<Record<string, ComponentType>>, name);

const landing = createRoute({ getParentRoute: () => root, path: '/', beforeLoad: chooseLanding });
const templates = createRoute({
  getParentRoute: () => root,
  path: '/templates',
  component: page(() => import('../templates/templates-page.tsx'), 'TemplatesPage'),
});
const workflows = createRoute({
  getParentRoute: () => root,
  path: '/workflows',
  validateSearch: readWorkflowsSearch,
  component: page(() => import('../workflows/workflows-page.tsx'), 'WorkflowsPage'),
});
const workflow = createRoute({ getParentRoute: () => root, path: '/workflows/$id', component: page(() => import('../editor/editor-page.tsx'), 'EditorPage') });
const policies = createRoute({
  getParentRoute: () => root,
  path: '/workflows/$id/policies',
  component: page(() => import('../policies/policies-page.tsx'), 'PoliciesPage'),
});
const state = createRoute({
  getParentRoute: () => root,
  path: '/workflows/$id/state',
  component: page(() => import('../state/state-page.tsx'), 'StatePage'),
});
const release = createRoute({
  getParentRoute: () => root,
  path: '/workflows/$id/release',
  component: page(() => import('../release/release-page.tsx'), 'ReleasePage'),
});
const runs = createRoute({
  getParentRoute: () => root,
  path: '/runs',
  validateSearch: readRunsSearch,
  component: page(() => import('../runs/runs-page.tsx'), 'RunsPage'),
});
const run = createRoute({
  getParentRoute: () => root,
  path: '/runs/$id',
  validateSearch: readRunSearch,
  component: page(() => import('../run-page/run-page.tsx'), 'RunPage'),
});
const inbox = createRoute({
  getParentRoute: () => root,
  path: '/inbox',
  validateSearch: readInboxSearch,
  component: page(() => import('../reviews/inbox/inbox-page.tsx'), 'InboxPage'),
});
const reviewLink = createRoute({ getParentRoute: () => root, path: '/r/$token', component: page(() => import('../reviews/link-page.tsx'), 'LinkPage') });
const shared = createRoute({
  getParentRoute: () => root,
  path: '/shared/$token',
  component: page(() => import('../shared-page/shared-page.tsx'), 'SharedPage'),
});
const prompts = createRoute({
  getParentRoute: () => root,
  path: '/prompts',
  validateSearch: readPromptsSearch,
  component: page(() => import('../prompts/prompts-page.tsx'), 'PromptsPage'),
});
const models = createRoute({ getParentRoute: () => root, path: '/models', component: page(() => import('../models/models-page.tsx'), 'ModelsPage') });
const route = createRoute({ getParentRoute: () => root, path: '/models/$name', component: page(() => import('../models/route/route-page.tsx'), 'RoutePage') });
const tables = createRoute({ getParentRoute: () => root, path: '/tables', component: page(() => import('../tables/tables-page.tsx'), 'TablesPage') });
const table = createRoute({ getParentRoute: () => root, path: '/tables/$id', component: page(() => import('../tables/table-page.tsx'), 'TablePage') });
const replays = createRoute({
  getParentRoute: () => root,
  path: '/workflows/$id/replays',
  component: page(() => import('../replays/replays-page.tsx'), 'ReplaysPage'),
});
const replay = createRoute({ getParentRoute: () => root, path: '/replays/$id', component: page(() => import('../replays/replay-page.tsx'), 'ReplayPage') });
const evaluate = createRoute({
  getParentRoute: () => root,
  path: '/evaluate',
  beforeLoad: () => {
    throw redirect({ to: '/evaluate/datasets', replace: true });
  },
});
const datasets = createRoute({
  getParentRoute: () => root,
  path: '/evaluate/datasets',
  component: page(() => import('../evaluate/datasets/datasets-page.tsx'), 'DatasetsPage'),
});
const dataset = createRoute({
  getParentRoute: () => root,
  path: '/evaluate/datasets/$id',
  validateSearch: readDatasetSearch,
  component: page(() => import('../evaluate/datasets/dataset-page.tsx'), 'DatasetPage'),
});
const experiments = createRoute({
  getParentRoute: () => root,
  path: '/evaluate/experiments',
  component: page(() => import('../evaluate/experiments/experiments-page.tsx'), 'ExperimentsPage'),
});
const experiment = createRoute({
  getParentRoute: () => root,
  path: '/evaluate/experiments/$id',
  validateSearch: readExperimentSearch,
  component: page(() => import('../evaluate/experiments/experiment-page.tsx'), 'ExperimentPage'),
});
const rubrics = createRoute({
  getParentRoute: () => root,
  path: '/evaluate/rubrics',
  validateSearch: readRubricsSearch,
  component: page(() => import('../evaluate/rubrics/rubrics-page.tsx'), 'RubricsPage'),
});
const usage = createRoute({
  getParentRoute: () => root,
  path: '/usage',
  validateSearch: readUsageSearch,
  component: page(() => import('../usage/usage-page.tsx'), 'UsagePage'),
});
const prices = createRoute({
  getParentRoute: () => root,
  path: '/usage/prices',
  validateSearch: readPricesSearch,
  component: page(() => import('../usage/prices/prices-page.tsx'), 'PricesPage'),
});
const corrections = createRoute({
  getParentRoute: () => root,
  path: '/evaluate/corrections',
  validateSearch: readCorrectionsSearch,
  component: page(() => import('../evaluate/corrections/corrections-page.tsx'), 'CorrectionsPage'),
});
const insight = createRoute({
  getParentRoute: () => root,
  path: '/insight',
  validateSearch: readInsightSearch,
  component: page(() => import('../insight/insight-page.tsx'), 'InsightPage'),
});
const settings = createRoute({ getParentRoute: () => root, path: '/settings', component: page(() => import('../settings/settings-page.tsx'), 'SettingsPage') });
const connections = createRoute({
  getParentRoute: () => root,
  path: '/settings/connections',
  validateSearch: readConnectionsSearch,
  component: page(() => import('../models/services/connections-page.tsx'), 'ConnectionsPage'),
});
const audit = createRoute({
  getParentRoute: () => root,
  path: '/settings/audit',
  validateSearch: readAuditSearch,
  component: page(() => import('../audit/audit-page.tsx'), 'AuditPage'),
});
const inventory = createRoute({
  getParentRoute: () => root,
  path: '/settings/inventory',
  component: page(() => import('../inventory/inventory-page.tsx'), 'InventoryPage'),
});
const system = createRoute({
  getParentRoute: () => root,
  path: '/settings/system',
  component: page(() => import('../system/system-page.tsx'), 'SystemPage'),
});

const routeTree = root.addChildren([
  landing,
  templates,
  workflows,
  workflow,
  policies,
  state,
  release,
  runs,
  run,
  inbox,
  reviewLink,
  shared,
  prompts,
  models,
  route,
  tables,
  table,
  replays,
  replay,
  evaluate,
  experiments,
  experiment,
  datasets,
  dataset,
  rubrics,
  usage,
  prices,
  insight,
  corrections,
  settings,
  connections,
  audit,
  inventory,
  system,
]);

export const router = createRouter({
  routeTree,
  defaultPreload: 'intent',
  defaultPendingComponent: PageLoading,
  defaultPendingMs: 200,
  defaultErrorComponent: PageError,
  scrollRestoration: true,
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
