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
  | '/evaluate'
  | '/evaluate/datasets'
  | '/evaluate/experiments'
  | '/usage/prices'
  | '/evaluate/corrections'
  | '/settings'
  | '/settings/connections'
  | '/settings/audit'
  | '/settings/system';
