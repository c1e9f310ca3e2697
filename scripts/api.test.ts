import { join } from 'node:path'
import { expect, test } from 'vitest'
import { describeApi } from './describe-api.ts'

const core = join(import.meta.dirname, '../packages/core')

test('exports from @limn/core the types of packages/core/api.txt', async () => {
  // A change is deliberate: `npx pnpm@12 exec vitest run scripts/api.test.ts -u` records it, and a
  // changeset announces it.
  await expect(describeApi(join(core, 'src/index.ts'))).toMatchFileSnapshot(join(core, 'api.txt'))
})
