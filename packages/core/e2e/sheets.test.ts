import { rmSync } from 'node:fs'
import { join } from 'node:path'
import sharp from 'sharp'
import { expect, test } from 'vitest'
import { createTestProject, stepsOf, type TestProject } from './test-project.ts'

const names = ['mail', 'phone', 'camera', 'mug', 'fox', 'owl', 'sword', 'potion', 'gem']
const cells = names.map((name) => `icons/${name}`).sort()

const manifest = (
  own: Readonly<Record<string, string>> = {},
  provider = 'openai',
): string => `version: 1
provider: ${provider}
defaults: { outputs: [{ name: s, width: 64, height: 64, formats: [webp] }] }
assets:
  icons:
    prompt: Flat icon.
    sheet:
      grid: 3x3
      cells: [${names.map((name) => own[name] ?? name).join(', ')}]
`

/** Returns how far the border of a picture differs from one colour, 0 to 255. */
async function borderDifference(bytes: Buffer): Promise<number> {
  const { data, info } = await sharp(bytes)
    .ensureAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true })
  const { width, height } = info
  let most = 0
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      if (x > 2 && y > 2 && x < width - 3 && y < height - 3) continue
      for (let channel = 0; channel < 4; channel++) {
        const at = (y * width + x) * 4 + channel
        most = Math.max(most, Math.abs(data[at]! - data[channel]!))
      }
    }
  }
  return most
}

async function expectWholeCells({ bytes }: TestProject): Promise<void> {
  const sizes = new Set<string>()
  for (const cell of cells) {
    const picture = bytes(`images/${cell}.png`)
    const { width, height } = await sharp(picture).metadata()
    sizes.add(`${width}x${height}`)
    expect(await borderDifference(picture), cell).toBeLessThan(16)
    const { channels } = await sharp(picture).stats()
    expect(Math.max(...channels.map(({ stdev }) => stdev)), cell).toBeGreaterThan(10)
  }
  expect(sizes.size).toBe(1)
}

test('cuts nine pictures out of one request, and requests one cell again by itself', async () => {
  const testProject = await createTestProject({
    files: { 'images.yaml': manifest() },
    server: true,
  })
  const { generate, server, plan, bytes, write, cli, root } = testProject
  const { steps } = await plan({ names: ['icons/mail'] })
  expect(steps.map((step) => step.kind === 'generate' && step.usd! > 0)).toEqual([true, false])
  // A run that ends between the sheet and its cells loses nothing.
  expect(await generate({ names: ['icons/owl'] })).toMatchObject({ generated: 2, failed: [] })
  rmSync(join(root, 'images/icons/owl.png'))
  expect(await generate()).toMatchObject({ generated: 9, failed: [] })
  expect(server.requests.length).toBe(1)
  await expectWholeCells(testProject)

  const before = Object.fromEntries(cells.map((cell) => [cell, bytes(`images/${cell}.png`)]))
  write('images.yaml', manifest({ fox: '{ name: fox, again: a sleeping fox }' }))
  expect(stepsOf(await plan())).toEqual(['generate icons/fox', 'generate icons/fox/again'])
  await generate()
  expect(server.requests.slice(1).map(({ body }) => body)).toMatchObject([
    { fields: { prompt: expect.stringContaining('a sleeping fox') } },
  ])
  for (const cell of cells) {
    expect(bytes(`images/${cell}.png`).equals(before[cell]!), cell).toBe(cell !== 'icons/fox')
  }
  // The cell of the sheet returns at no cost.
  write('images.yaml', manifest())
  expect((await generate()).requested).toEqual([])
  expect(bytes('images/icons/fox.png').equals(before['icons/fox']!)).toBe(true)
  const { stdout } = await cli(['show', 'icons/mail'])
  expect(stdout).toContain('split from its sheet')
  expect((await cli(['check'])).code).toBe(0)
})

test('keeps a sheet that lacks pictures, and cuts the one that a person corrects', async () => {
  const testProject = await createTestProject({ files: { 'images.yaml': manifest({}, 'local') } })
  const { generate, bytes, write, cli, plan } = testProject
  expect(await generate()).toMatchObject({ generated: 10, failed: [] })
  await expectWholeCells(testProject)

  const sheet = bytes('images/icons.png')
  const { width, height } = await sharp(sheet).metadata()
  const patch = { width: Math.round(width / 3), height: Math.round(height / 3) }
  const ground = await sharp(sheet)
    .extract({ left: 0, top: 0, width: 1, height: 1 })
    .resize(patch.width, patch.height)
    .png()
    .toBuffer()
  const broken = await sharp(sheet)
    .composite([{ input: ground, left: patch.width, top: patch.height }])
    .png()
    .toBuffer()
  write('broken.png', broken)
  expect((await cli(['adopt', 'icons', 'broken.png'])).code).toBe(0)
  const failed = await generate()
  expect(failed.failed.length).toBe(9)
  const { stderr, stdout, code } = await cli(['generate'])
  expect(code).toBe(1)
  expect(`${stdout}${stderr}`).toContain(
    'The sheet "icons" shows 8 of 9 pictures: nothing is where icons/fox should be.',
  )
  expect(bytes('images/icons.png').equals(broken)).toBe(true)

  write('good.png', sheet)
  expect((await cli(['adopt', 'icons', 'good.png'])).code).toBe(0)
  expect((await generate()).failed).toEqual([])
  expect(stepsOf(await plan())).toEqual([])
})
