import { listReviews, type Review } from '@switchyard/shared/contracts/reviews.ts';
import type { Graph } from '@switchyard/shared/graph/graph.ts';
import type { TestApi } from './api.ts';
import { graphOf, reviewGraph } from './graph.ts';
import { until } from './until.ts';

/** The newest review of a run, as soon as there is one. */
export const openTask = (server: Pick<TestApi, 'call'>, runId: string): Promise<Review> =>
  until('the review', async () => (await server.call(listReviews, { query: { runId } })).items.at(-1));

/** The token in the URL of its review link. */
export const tokenOf = ({ link }: Review): string => link?.split('/r/')[1] ?? '';

/** The review of `reviewGraph` with more params; due after 300 ms. */
export const dueGraph = (params: Record<string, unknown>, { nodes, edges } = reviewGraph()): Graph =>
  graphOf(
    nodes.map((one) => (one.data.key === 'check' ? { ...one, data: { ...one.data, params: { ...one.data.params, dueInMinutes: 0.005, ...params } } } : one)),
    edges,
  );
