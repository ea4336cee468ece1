/** Pages whose address needs nothing filled in. */
export type StaticPage = '/workflows' | '/runs' | '/inbox' | '/templates' | '/prompts' | '/models' | '/settings';
