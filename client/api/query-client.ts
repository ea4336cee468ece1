import { QueryClient } from '@tanstack/react-query';
import { ApiError } from './api-error.ts';

/** Errors worth a retry: no connection, or a busy server. */
const mayRecover = (error: Error): boolean => error instanceof ApiError && (error.code === 'offline' || error.status === 429 || error.status >= 502);

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: { staleTime: 5_000, retry: (count, error) => count < 2 && mayRecover(error), networkMode: 'always' },
    mutations: { networkMode: 'always' },
  },
});
