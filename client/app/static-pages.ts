/** Pages whose address needs nothing filled in. */
export type StaticPage = '/workflows' | '/runs' | '/templates' | '/models' | '/settings';
