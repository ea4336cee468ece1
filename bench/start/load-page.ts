/** Loads the page and the script it starts with. Throws if either is missing. */
export async function loadPage(address: string): Promise<void> {
  const page = await fetch(`${address}/`);
  const script = /<script[^>]+src="([^"]+)"/.exec(await page.text())?.[1];
  if (!page.ok || script === undefined) throw new Error(`${address} returned ${page.status} without a page.`);
  const code = await fetch(new URL(script, address));
  if (!code.ok || (await code.text()).length === 0) throw new Error(`${script} of the page returned ${code.status}.`);
}
