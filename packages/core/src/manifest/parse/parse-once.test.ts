import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, expect, onTestFinished, test, vi } from 'vitest'

// Only counts calls: the library works as usual. Other files of this process may have loaded it.
vi.resetModules()
vi.doMock('yaml', { spy: true })
const { parseDocument } = await import('yaml')
const { readManifest } = await import('../read.ts')
const { parseManifest } = await import('./parse.ts')
afterAll(() => {
  vi.doUnmock('yaml')
  vi.resetModules()
})

/** Returns the texts that the YAML library parses while `run` runs. */
async function textsParsedBy(run: () => unknown): Promise<string[]> {
  const spy = vi.mocked(parseDocument)
  spy.mockClear()
  await run()
  return spy.mock.calls.map(([text]) => text)
}

const asset = 'prompt: A hill, alt: A hill'
const head = 'version: 1\nassets:\n'

test.each([
  ['a sound manifest', `${head}  hero: { ${asset}, outputs: [og] }\n`],
  [
    'full-width text that belongs to a prompt',
    `${head}  hero: { prompt: “灯塔”：晨光，海面, alt: x }\n`,
  ],
  ['a mistake of shape', `${head}  hero: { promt: A hill, alt: A hill }\n`],
  ['a syntax error', `${head}\thero:\n\t\tprompt: x\n`],
])('parses %s once', async (_, text) => {
  expect(await textsParsedBy(() => parseManifest(text, 'images.yaml'))).toEqual([text])
})

test.each([
  ['a colour', `${head}  hero: { ${asset}, outputs: [{ width: 8, background: #fff }] }\n`],
  [
    'several colours',
    `${head}  a: { ${asset}, vars: { c: #fff } }\n  b: { ${asset}, vars: { c: #000 } } # see: #123\n`,
  ],
  ['a full-width colon', `${head}  hero:\n    prompt：A hill\n    alt: A hill\n`],
  ['full-width brackets and commas', `${head}  hero：\n    prompt: x\n    outputs: ［og，card］\n`],
  [
    'a colour and a comma',
    `${head}  hero: { ${asset}，outputs: [{ width: 8, background: #fff }] }\n`,
  ],
])('parses no text twice to repair %s', async (_, text) => {
  const texts = await textsParsedBy(() => parseManifest(text, 'images.yaml'))
  expect(texts.length).toBeGreaterThan(1)
  expect(texts[0]).toBe(text)
  expect(new Set(texts).size).toBe(texts.length)
})

/** Writes files into a new folder, and returns a function that reads the manifest there. */
function testRead(files: Record<string, string>): {
  write: (files: Record<string, string>) => void
  read: () => ReturnType<typeof readManifest>
} {
  const root = mkdtempSync(join(tmpdir(), 'limn-parse-once-'))
  onTestFinished(() => rmSync(root, { recursive: true, force: true }))
  const write = (changed: Record<string, string>): void => {
    for (const [path, text] of Object.entries(changed)) {
      mkdirSync(dirname(join(root, path)), { recursive: true })
      writeFileSync(join(root, path), text)
    }
  }
  write(files)
  const path = join(root, 'images.yaml')
  const cacheDir = join(root, 'cache')
  return { write, read: () => readManifest({ path, shownPath: 'images.yaml', cacheDir }) }
}

const root = `version: 1\ninclude: [a.yaml, b.yaml]\nassets:\n  hero: { ${asset} }\n`
const a = `# a\n${head}  a: { prompt: One, alt: x }\n`
const b = `# b\n${head}  b: { prompt: Two, alt: x }\n`

test('parses every file of a manifest once, and none that is cached', async () => {
  const { read } = testRead({ 'images.yaml': root, 'a.yaml': a, 'b.yaml': b })
  expect(await textsParsedBy(read)).toEqual([root, a, b])
  expect(await textsParsedBy(read)).toEqual([])
})

test('parses the rest of each file once when entries of several files change', async () => {
  const { read, write } = testRead({ 'images.yaml': root, 'a.yaml': a, 'b.yaml': b })
  await read()
  write({ 'a.yaml': a.replace('One', 'Three'), 'b.yaml': b.replace('Two', 'Four') })
  const texts = await textsParsedBy(read)
  expect(texts).toHaveLength(7)
  expect(new Set(texts.filter((text) => text.includes('{}'))).size).toBe(3)
  expect((await read()).manifest?.assets.map(({ prompt }) => prompt)).toEqual([
    'Three',
    'Four',
    'A hill',
  ])
})
