import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from 'playwright-core';

interface What {
  /** Only what depends on colours: for a page that was looked at whole in its other scheme. */
  readonly only?: 'colours';
  /** Rules that do not fit what is looked at. */
  readonly without?: readonly string[];
}

/** What stands in the way of people on a page, as axe sees it: one line each, none when all is well. */
export async function barriersOn(page: Page, { only, without = [] }: What = {}): Promise<string[]> {
  // Our pages have no frames: all is done in the page itself (what axe calls legacy), in a third of the time.
  const axe = new AxeBuilder({ page }).setLegacyMode().options({ resultTypes: ['violations'] });
  if (only === 'colours') axe.withRules(['color-contrast', 'link-in-text-block']);
  if (without.length > 0) axe.disableRules([...without]);
  const { violations } = await axe.analyze();
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html, failureSummary }) => `${html.slice(0, 200)} ${failureSummary ?? ''}`).join(' | ')}`);
}
