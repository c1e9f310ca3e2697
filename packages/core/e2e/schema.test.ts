import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { createJsonSchema } from '../src/manifest/parse/schema.ts'
import { createTestProject } from './test-project.ts'

test('prints the JSON Schema that the build writes into the package', async () => {
  const { cli } = await createTestProject()
  const { code, stdout } = await cli(['schema'])
  expect(code).toBe(0)
  expect(stdout).toBe(`${JSON.stringify(createJsonSchema(), null, 2)}\n`)
  const { scripts, files } = JSON.parse(
    readFileSync(new URL('../package.json', import.meta.url), 'utf8'),
  ) as { scripts: { build: string }; files: string[] }
  expect(scripts.build).toMatch(/&& node src\/cli\/bin\.ts schema > images\.schema\.json &&/)
  expect(files).toContain('images.schema.json')
})
