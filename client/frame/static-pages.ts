/** Pages whose path has no params. */
export type StaticPage =
  | '/workflows'
  | '/runs'
  | '/inbox'
  | '/templates'
  | '/prompts'
  | '/models'
  | '/tables'
  | '/usage'
  | '/usage/prices'
  | '/settings'
  | '/settings/connections'
  | '/settings/audit'
  | '/settings/system';
