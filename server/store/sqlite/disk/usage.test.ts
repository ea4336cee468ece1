import { expect, it } from 'vitest';
import { thing, things, WORKSPACE } from '../../contract/things.fixture.ts';
import { makeSqliteHome } from '../sqlite-home.fixture.ts';

it('estimates the size of a table from a sample, also where every third row was deleted', async () => {
  await using home = await makeSqliteHome();
  const store = await home.open();
  try {
    const here = store.in(WORKSPACE);
    const ids = Array.from({ length: 1_500 }, (_, index) => `thing_${index}`);
    await Promise.all(ids.map((id) => here.insert(things, thing({ id, body: 'x'.repeat(1_000) }))));
    await Promise.all(ids.filter((_, index) => index % 3 === 0).map((id) => here.delete(things, id)));
    const { parts } = await store.usage();
    const found = parts.find(({ name }) => name === 'things')?.bytes ?? 0;
    // 1,000 rows of about 1,400 bytes.
    expect(found).toBeGreaterThan(1_000_000);
    expect(found).toBeLessThan(2_200_000);
  } finally {
    await store.close();
  }
});
