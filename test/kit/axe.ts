import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from 'playwright-core';

interface What {
  /** Only rules about colors, for a page already checked in full in its other color scheme. */
  readonly only?: 'colors';
  /** Rules that don't apply here. */
  readonly without?: readonly string[];
}

/** Takes a label that is scrolled out of sight for none. Fields without a name break the rule `label`, which stays on. */
const MISTAKEN = 'label-title-only';

/** Accessibility violations on a page, as reported by axe, one line each. */
export async function barriersOn(page: Page, { only, without = [] }: What = {}): Promise<string[]> {
  // Our pages have no frames, so axe runs in the page itself (its legacy mode), in a third of the time.
  const axe = new AxeBuilder({ page }).setLegacyMode().options({ resultTypes: ['violations'] });
  if (only === 'colors') axe.withRules(['color-contrast', 'link-in-text-block']);
  else axe.disableRules([MISTAKEN, ...without]);
  const { violations } = await axe.analyze();
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html, failureSummary }) => `${html.slice(0, 200)} ${failureSummary ?? ''}`).join(' | ')}`);
}
