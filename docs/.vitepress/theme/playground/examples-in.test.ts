import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { examplesIn } from './examples-in.ts'
import { firstManifest } from './first-manifest.ts'
import { planManifest } from './plan/plan-manifest.ts'

const cookbook = readFileSync(new URL('../../../cookbook.md', import.meta.url), 'utf8')
const examples = examplesIn(cookbook)

test('finds the manifests of the cookbook', () => {
  expect(examples.length).toBeGreaterThan(6)
})

test.each([{ title: 'the first one', text: firstManifest }, ...examples])(
  'plans $title without a mistake',
  async ({ text }) => {
    const { plan, diagnostics } = await planManifest({ text, columns: 80 })
    expect(diagnostics.filter(({ severity }) => severity === 'error')).toEqual([])
    expect(plan!.pictures.length).toBeGreaterThan(0)
  },
)

test('leaves out manifests that need other files or are not complete', () => {
  const block = (yaml: string): string => `## Title\n\n\`\`\`yaml\n${yaml}\n\`\`\`\n`
  expect(examplesIn(block('version: 1\nassets: {}'))).toHaveLength(1)
  expect(examplesIn(block('version: 1\nassets: { a: { source: ./a.png } }'))).toEqual([])
  expect(examplesIn(block('version: 1\nassets: { a: { matrix: { from: a.csv } } }'))).toEqual([])
  expect(examplesIn(block('assets: {}'))).toEqual([])
  expect(examplesIn('## Title\n\nText\n')).toEqual([])
})
