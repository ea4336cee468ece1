/** Names of the icons that node types use. The page maps each to its drawing, so this set is closed. */
export const ICON_NAMES = [
  'IconApi',
  'IconArrowMerge',
  'IconCategory2',
  'IconCode',
  'IconDatabase',
  'IconEyeOff',
  'IconFilter',
  'IconGitBranch',
  'IconHourglass',
  'IconLogin2',
  'IconMessage2',
  'IconNote',
  'IconPuzzle',
  'IconRepeat',
  'IconSend2',
  'IconShieldCheck',
  'IconSitemap',
  'IconTransform',
  'IconUserCheck',
  'IconWebhook',
] as const;
export type IconName = (typeof ICON_NAMES)[number];
