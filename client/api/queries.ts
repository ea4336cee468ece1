import { getBillOfMaterials } from '@switchyard/shared/contracts/bill-of-materials.ts';
import type { QueryOf } from '@switchyard/shared/contracts/contract.ts';
import { discoverConnections, listConnections } from '@switchyard/shared/contracts/models.ts';
import { listPromptSamples } from '@switchyard/shared/contracts/prompt-samples.ts';
import { getPrompt, getPromptVersion, listPrompts, type Prompt, type PromptVersion } from '@switchyard/shared/contracts/prompts.ts';
import { getRoute, getRouteFigures, getRouteUsage, listRoutes, listRouteVersions } from '@switchyard/shared/contracts/routes.ts';
import { getRun, getRunBlob, getRunGraph, listRunEvents, listRuns } from '@switchyard/shared/contracts/runs.ts';
import { getHealth, listNodeTypes } from '@switchyard/shared/contracts/system.ts';
import { listTemplates, type Template } from '@switchyard/shared/contracts/templates.ts';
import { getWebhook, listDeliveries } from '@switchyard/shared/contracts/webhooks.ts';
import { getVersion, getWorkflow, listVersions, listWorkflows, listWorkflowTags } from '@switchyard/shared/contracts/workflows.ts';
import { restoredRun } from '@switchyard/shared/files/restored-run.ts';
import type { PromptRef } from '@switchyard/shared/model/prompt-ref.ts';
import { infiniteQueryOptions, queryOptions, useInfiniteQuery, useQueries, useQuery } from '@tanstack/react-query';
import { call } from './call.ts';
import { keys } from './keys.ts';

/** Limit for lists without paging. Enough for one installation. */
const ALL = { limit: 500 };
const FOR_EVER = Number.POSITIVE_INFINITY;

export const workflowsQuery = (search = '', tag?: string) =>
  queryOptions({
    queryKey: [...keys.workflows, search, tag ?? null],
    queryFn: ({ signal }) =>
      call(listWorkflows, { query: { ...ALL, ...(search && { search }), ...(tag !== undefined && { tag }) }, signal }).then((page) => page.items),
    placeholderData: (before) => before,
  });
/** Workflows, last edited first, with their activity in the last 24 h. */
export const useWorkflows = (search = '', tag?: string) => useQuery(workflowsQuery(search, tag));

/** The tags in use, by name. */
export const useWorkflowTags = () =>
  useQuery({ queryKey: keys.workflowTags, queryFn: ({ signal }) => call(listWorkflowTags, { signal }).then(({ items }) => items) });

export const workflowQuery = (id: string) =>
  queryOptions({ queryKey: keys.workflow(id), queryFn: ({ signal }) => call(getWorkflow, { params: { id }, signal }) });
/** One workflow with its draft. */
export const useWorkflow = (id: string, enabled = true) => useQuery({ ...workflowQuery(id), enabled });

/** Published versions, newest first. */
export const useVersions = (id: string, enabled = true) =>
  useQuery({
    queryKey: keys.versions(id),
    queryFn: ({ signal }) => call(listVersions, { params: { id }, query: ALL, signal }).then((page) => page.items),
    enabled,
  });

/** A published version with its graph, which never changes. Loads nothing while `number` is null. */
export const useVersion = (id: string, number: number | null) =>
  useQuery({
    queryKey: keys.version(id, number ?? 0),
    queryFn: ({ signal }) => call(getVersion, { params: { id, number: number ?? 0 }, signal }),
    enabled: number !== null,
    staleTime: FOR_EVER,
  });

/** The webhook’s URLs and settings. */
export const useWebhook = (id: string) => useQuery({ queryKey: keys.webhook(id), queryFn: ({ signal }) => call(getWebhook, { params: { id }, signal }) });

/** Recent webhook requests with their outcomes, refetched while visible. */
export const useDeliveries = (id: string, limit: number) =>
  useQuery({
    queryKey: [...keys.deliveries(id), limit],
    queryFn: ({ signal }) => call(listDeliveries, { params: { id }, query: { limit }, signal }),
    refetchInterval: 3_000,
    placeholderData: (before) => before,
  });

export type RunFilters = Omit<QueryOf<typeof listRuns>, 'limit' | 'cursor'>;

export const runsQuery = (filters: RunFilters) =>
  infiniteQueryOptions({
    queryKey: [...keys.runs, filters],
    queryFn: async ({ signal, pageParam }) => {
      const page = await call(listRuns, { query: { ...filters, limit: 50, ...(pageParam && { cursor: pageParam }) }, signal });
      return { ...page, items: page.items.map(restoredRun) };
    },
    initialPageParam: '',
    getNextPageParam: (page) => page.nextCursor ?? undefined,
    placeholderData: (before) => before,
  });
/** Runs, newest first, page by page. */
export const useRuns = (filters: RunFilters) => useInfiniteQuery(runsQuery(filters));

/** Polled because the place of a queued run changes without an event. */
const QUEUED_REFETCH_MS = 2_000;

export const runQuery = (id: string) =>
  queryOptions({
    queryKey: keys.run(id),
    queryFn: ({ signal }) => call(getRun, { params: { id }, signal }).then(restoredRun),
    refetchInterval: ({ state }) => (state.data?.queued ? QUEUED_REFETCH_MS : false),
  });
/** One run with its steps. */
export const useRun = (id: string, enabled = true) => useQuery({ ...runQuery(id), enabled });

/** The graph of a run, which never changes. */
export const useRunGraph = (id: string) =>
  useQuery({ queryKey: keys.runGraph(id), queryFn: ({ signal }) => call(getRunGraph, { params: { id }, signal }), staleTime: FOR_EVER });

const EVENTS_REFETCH_MS = 2_000;
/** The first events of a run. Read again while there may be more. */
export const useFirstEvents = (id: string, { limit, isOpen, enabled }: { limit: number; isOpen: boolean; enabled: boolean }) =>
  useQuery({
    queryKey: [...keys.runEvents(id), limit, isOpen],
    queryFn: ({ signal }) => call(listRunEvents, { params: { id }, query: { limit }, signal }).then((page) => page.items),
    enabled,
    placeholderData: (before) => before,
    refetchInterval: ({ state }) => (isOpen && (state.data?.length ?? 0) < limit ? EVENTS_REFETCH_MS : false),
  });

/** Every version, model, price, and policy that took part in a run. */
export const useBillOfMaterials = (id: string) =>
  useQuery({ queryKey: keys.billOfMaterials(id), queryFn: ({ signal }) => call(getBillOfMaterials, { params: { id }, signal }) });

/** A large value of a run, fetched on demand. */
export const useRunBlob = (id: string, hash: string, enabled: boolean) =>
  useQuery({ queryKey: keys.runBlob(id, hash), queryFn: ({ signal }) => call(getRunBlob, { params: { id, hash }, signal }), enabled, staleTime: FOR_EVER });

/** The template gallery, which is sent in several pages if its templates are large. */
async function allTemplates(signal: AbortSignal): Promise<Template[]> {
  const templates: Template[] = [];
  let cursor: string | undefined;
  do {
    const page = await call(listTemplates, { query: { ...ALL, ...(cursor && { cursor }) }, signal });
    templates.push(...page.items);
    cursor = page.nextCursor ?? undefined;
  } while (cursor);
  return templates;
}
export const useTemplates = () => useQuery(templatesQuery);
export const templatesQuery = queryOptions({
  queryKey: keys.templates,
  queryFn: ({ signal }) => allTemplates(signal),
});

/** Connections, without secrets. `refetchInterval` in ms keeps their health current. */
export const useConnections = (refetchInterval?: number) =>
  useQuery({
    queryKey: keys.connections,
    queryFn: ({ signal }) => call(listConnections, { query: ALL, signal }).then((page) => page.items),
    ...(refetchInterval !== undefined && { refetchInterval }),
  });

/** Model servers detected on this machine, checked when the page opens or regains focus. */
export const useDiscovered = () =>
  useQuery({
    queryKey: keys.discovered,
    queryFn: ({ signal }) => call(discoverConnections, { signal }).then(({ items }) => items),
    staleTime: 0,
    retry: false,
  });

/** Model routes by name. */
export const useRoutes = () =>
  useQuery({ queryKey: keys.routes, queryFn: ({ signal }) => call(listRoutes, { query: ALL, signal }).then((page) => page.items) });

/** A route, refetched while it is shown, because it may be changed elsewhere. */
export const useRoute = (name: string) =>
  useQuery({ queryKey: keys.route(name), queryFn: ({ signal }) => call(getRoute, { params: { name }, signal }), refetchInterval: 15_000 });

/** A call in progress moves on within a second. */
const WHILE_CALLED_MS = 1_000;
const WHILE_IDLE_MS = 3_000;

/** The last hour of a route and its calls in progress, refetched while it is shown. */
export const useRouteFigures = (name: string) =>
  useQuery({
    queryKey: keys.routeFigures(name),
    queryFn: ({ signal }) => call(getRouteFigures, { params: { name }, signal }),
    refetchInterval: ({ state }) => (state.data && state.data.inProgress.calls > 0 ? WHILE_CALLED_MS : WHILE_IDLE_MS),
  });

/** What uses a route. Refetched each time it is shown. */
export const useRouteUsage = (name: string) =>
  useQuery({ queryKey: keys.routeUsage(name), queryFn: ({ signal }) => call(getRouteUsage, { params: { name }, signal }), gcTime: 0 });

/** The versions of a route, newest first. */
export const useRouteVersions = (name: string) =>
  useQuery({
    queryKey: keys.routeVersions(name),
    queryFn: ({ signal }) => call(listRouteVersions, { params: { name }, query: ALL, signal }).then((page) => page.items),
  });

/** Prompts in the registry by name. */
export const usePrompts = (enabled = true) =>
  useQuery({ queryKey: keys.prompts, queryFn: ({ signal }) => call(listPrompts, { query: ALL, signal }).then((page) => page.items), enabled });

/** A prompt with its history and the workflows that use it. */
export const usePrompt = (name: string, enabled = true) =>
  useQuery({ queryKey: keys.prompt(name), queryFn: ({ signal }) => call(getPrompt, { params: { name }, signal }), enabled });

/** Values to try a prompt with. Refetched each time they are shown. */
export const usePromptSamples = (name: string) =>
  useQuery({ queryKey: keys.promptSamples(name), queryFn: ({ signal }) => call(listPromptSamples, { params: { name }, signal }), gcTime: 0 });

/** One version of a prompt, which never changes. */
export const usePromptVersion = (name: string, number: number, enabled = true) => useQuery({ ...promptVersionQuery(name, number), enabled });

/** Those of several versions that are loaded. */
export const usePromptVersions = (name: string, numbers: readonly number[]) =>
  useQueries({ queries: numbers.map((number) => promptVersionQuery(name, number)) }).flatMap(({ data }) => data ?? []);

/** The version number that a reference currently resolves to. */
export const promptNumberOf = (prompts: readonly Prompt[], ref: PromptRef | undefined): number | undefined =>
  ref?.version ?? prompts.find(({ name }) => name === ref?.name)?.labels.find(({ label }) => label === ref?.label)?.version;

/** The versions that references currently resolve to, in their order. Undefined where one isn’t loaded. */
export function useNamedPrompts(refs: readonly PromptRef[]): readonly (PromptVersion | undefined)[] {
  const prompts = usePrompts(refs.length > 0).data ?? [];
  return useQueries({
    queries: refs.map((ref) => ({ ...promptVersionQuery(ref.name, promptNumberOf(prompts, ref) ?? 0), enabled: promptNumberOf(prompts, ref) !== undefined })),
    combine: dataOf,
  });
}

const dataOf = <T>(results: readonly { readonly data: T }[]): readonly T[] => results.map(({ data }) => data);

const promptVersionQuery = (name: string, number: number) =>
  queryOptions({ queryKey: keys.promptVersion(name, number), queryFn: ({ signal }) => call(getPromptVersion, { params: { name, number }, signal }) });

/** All node types known to the server, which are fixed while it runs. */
export const useNodeTypes = () =>
  useQuery({ queryKey: keys.nodeTypes, queryFn: ({ signal }) => call(listNodeTypes, { signal }).then((reply) => reply.items), staleTime: FOR_EVER });

/** The server’s version. */
export const useHealth = () => useQuery({ queryKey: keys.health, queryFn: ({ signal }) => call(getHealth, { signal }), staleTime: FOR_EVER });
