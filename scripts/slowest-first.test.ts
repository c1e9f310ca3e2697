import { existsSync } from 'node:fs'
import { expect, test } from 'vitest'
import type { TestSpecification, Vitest } from 'vitest/node'
import { slowFiles, SlowestFirst } from './slowest-first.ts'

/** A sequencer of a Vitest that remembers no times. */
const sequencer = new SlowestFirst({
  cache: { getTestSpecificationResult: () => undefined },
} as unknown as Vitest)

const config = { sequence: { groupOrder: 0 }, isolate: false }
const files = (paths: readonly string[]): TestSpecification[] =>
  paths.map((moduleId) => ({ moduleId, project: { name: 'e2e', config } })) as TestSpecification[]

test('reads files that exist from the table of CONTRIBUTING.md', () => {
  expect(slowFiles().length).toBeGreaterThan(5)
  expect(slowFiles().filter((path) => !existsSync(path))).toEqual([])
})

test('starts the files of the table first, in its order', async () => {
  const [first, second, third] = slowFiles()
  const sorted = await sequencer.sort(files([third!, import.meta.filename, first!, second!]))
  expect(sorted.map(({ moduleId }) => moduleId)).toEqual([
    first,
    second,
    third,
    import.meta.filename,
  ])
})

test('keeps all other files', async () => {
  const others = [import.meta.filename, import.meta.filename.replace('.test', '')]
  expect(await sequencer.sort(files(others))).toHaveLength(2)
})
