import { spawnSync } from 'node:child_process'
import { symlinkSync } from 'node:fs'
import { join } from 'node:path'
import sharp, { type Sharp } from 'sharp'
import { describe, expect, it } from 'vitest'
import { createTestProject, type TestProject } from './test-project.ts'

/** `test:soak` imports 500 pictures of true sizes, and ten thousand in one run. */
const isSoak = process.env['MODE'] === 'soak'
const folders = isSoak ? 32 : 4
const scale = isSoak ? 60 : 1

const SVG =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 20"><path d="M0 0h9v9z"/></svg>'

type Colour = { r: number; g: number; b: number; alpha?: number }

function flat(width: number, height: number, { alpha, ...background }: Colour): Sharp {
  const channels = alpha === undefined ? 3 : 4
  const colour = alpha === undefined ? background : { ...background, alpha }
  return sharp({ create: { width, height, channels, background: colour } })
}

/** Pictures of every kind, whose colour depends on `seed`. */
async function everyKind(seed: number): Promise<Record<string, Buffer>> {
  const colour = { r: seed % 256, g: (seed >> 3) % 256, b: 90 }
  const picture = flat((24 + (seed % 7)) * scale, 16 * scale, colour)
  const frames = await Promise.all(
    [0, 1].map((step) =>
      flat(12, 8 + seed, { ...colour, b: step * 200 })
        .png()
        .toBuffer(),
    ),
  )
  const animated = sharp(frames, { join: { animated: true } })
  const deep = picture.clone().toColourspace('rgb16')
  return {
    'photo.jpg': await picture.clone().jpeg().toBuffer(),
    'Sunset Beach (1).JPEG': await picture.clone().jpeg({ progressive: true }).toBuffer(),
    'shot.png': await picture.clone().png().toBuffer(),
    'cut-out.png': await flat(9, 9, { ...colour, alpha: 0.5 })
      .png()
      .toBuffer(),
    'deep.png': await deep.png().toBuffer(),
    'print.jpg': await picture.clone().toColourspace('cmyk').jpeg().toBuffer(),
    'upright.jpg': await picture.clone().withMetadata({ orientation: 6 }).jpeg().toBuffer(),
    'page.webp': await picture.clone().webp().toBuffer(),
    'still.avif': await picture.clone().avif({ effort: 0 }).toBuffer(),
    'scan.tiff': await picture.clone().tiff().toBuffer(),
    'moves.gif': await animated.clone().gif().toBuffer(),
    'moves.webp': await animated.clone().webp().toBuffer(),
    'photo.svg': Buffer.from(SVG.replace('h9', `h${seed + 1}`)),
    'Ünïcode-名前.png': await flat(8, 9 + (seed % 5), colour)
      .png()
      .toBuffer(),
    'con.png': await flat(8, 20 + (seed % 5), colour)
      .png()
      .toBuffer(),
    '${name} #1 & "two".png': await flat(7, 30, colour).png().toBuffer(),
  }
}

const git = (project: TestProject, ...args: string[]): unknown =>
  spawnSync('git', args, { cwd: project.root })

describe('limn import', () => {
  const timeout = isSoak ? { timeout: 900_000 } : {}
  it(
    'adds pictures of all kinds, plans and derives them, and adds only new ones later',
    timeout,
    async () => {
      const project = await createTestProject()
      const { cli, write, text, root, generate } = project
      const total = folders * 16
      for (let folder = 0; folder < folders; folder++) {
        for (const [name, bytes] of Object.entries(await everyKind(folder))) {
          write(`photos/Year ${folder}/${name}`, bytes)
        }
      }
      const jpeg = await flat(300, 300, { r: 1, g: 2, b: 3 }).jpeg().toBuffer()
      write('photos/cut-off.jpg', jpeg.subarray(0, jpeg.length - 40))
      write('photos/also-cut-off.jpg', jpeg.subarray(0, jpeg.length - 50))
      write('photos/empty.png', '')
      write('photos/text.png', 'no picture')
      write('photos/icon.bmp', 'BM rest')
      write('photos/copy.jpg', project.bytes('photos/Year 3/photo.jpg'))
      write('photos/.hidden/x.png', jpeg)
      write('photos/node_modules/x.png', jpeg)
      write('photos/cache/x.png', jpeg)
      write('.gitignore', 'cache/\n')
      git(project, 'init', '-q')
      symlinkSync('/etc', join(root, 'photos/link'))

      const dry = await cli(['import', 'photos', '--dry-run'])
      expect(dry).toMatchObject({ code: 0 })
      expect(dry.stdout).toContain('Nothing was written.')
      expect(project.has('images.yaml')).toBe(false)
      expect(await cli(['import', 'photos'])).toMatchObject({ code: 1 })
      expect(project.has('images.yaml')).toBe(false)

      const done = await cli(['import', 'photos', '--yes'])
      expect(done).toMatchObject({ code: 0 })
      expect(done.stdout).toContain(`photos contains ${total + 1} pictures: ${total} new, 1 copy.`)
      expect(done.stdout).toContain('photos/copy.jpg (the same as')
      expect(done.stderr).toContain('2 files are left out, because it is incomplete or damaged')
      expect(done.stderr.match(/left out/g)).toHaveLength(4)
      const manifest = text('images.yaml')
      expect(manifest).not.toMatch(/hidden|node_modules|cache\/|link/)
      expect(manifest).toContain('  year-1/photo:\n    source: photos/Year 1/photo.jpg\n')
      expect(manifest).toContain('  year-1/photo-svg:\n    source: photos/Year 1/photo.svg\n')
      expect(manifest).toContain('  year-1/con-picture:\n')
      expect(manifest).toContain('"year-1/ünïcode-名前":\n')

      const plan = await project.plan()
      expect(plan.steps).toHaveLength(total)
      expect(plan.steps.every(({ kind }) => kind === 'derive')).toBe(true)
      const { failed } = await generate()
      expect(failed).toEqual([])

      write('photos/new.png', await flat(5, 5, { r: 9, g: 9, b: 9 }).png().toBuffer())
      const again = await cli(['import', 'photos', '--yes'])
      expect(again.stdout).toContain(`1 new, ${total} already in images.yaml, 1 copy.`)
      expect(text('images.yaml').startsWith(manifest)).toBe(true)
      const last = await cli(['import', 'photos', '--yes'])
      expect(last).toMatchObject({ code: 0 })
      expect(last.stdout).not.toContain('Added')
    },
  )

  it('takes sizes and alt texts from the code, and keeps the rest of a manifest', async () => {
    const wide = await flat(800, 400, { r: 1, g: 2, b: 3 }).png().toBuffer()
    const tall = await flat(300, 600, { r: 9, g: 2, b: 3 }).jpeg().toBuffer()
    const manifest = '# Mine\nversion: 1\nassets: {}\n\n# Limits\nbudget: { run: 1 }\n'
    const { cli, text } = await createTestProject({
      files: {
        'images.yaml': manifest,
        'public/hero.png': wide,
        'src/team photo.jpg': tall,
        'src/line.png': await flat(50, 2, { r: 1, g: 1, b: 1 }).png().toBuffer(),
        'src/unused.webp': await flat(60, 20, { r: 1, g: 7, b: 1 }).webp().toBuffer(),
        'index.html': '<img\n alt="Fish &amp; chips" src="/hero.png" width=300>',
        'src/app.tsx':
          "import team from './team photo.jpg'\nexport const A = () => <img src={team} height={100} alt={'The team'} />",
        'src/a.css': '.a { background: url(line.png) }',
        'src/page.vue': '<template><img :src="x" src="./line.png" alt=""></template>',
      },
    })
    expect(await cli(['import', '.', '--yes'])).toMatchObject({ code: 0 })
    expect(text('images.yaml')).toBe(
      manifest.replace(
        ' {}\n',
        `
  public/hero:
    source: public/hero.png
    alt: Fish & chips
    outputs: [{ name: web, widths: [300, 600], formats: [avif, webp, png] }]
  src/line:
    source: src/line.png
    decorative: true
    outputs: [{ name: web, widths: [50], formats: [avif, webp, png] }]
  src/team-photo:
    source: src/team photo.jpg
    alt: The team
    outputs: [{ name: web, widths: [50, 100], formats: [avif, webp, jpeg] }]
  src/unused:
    source: src/unused.webp
    outputs: [{ name: web, widths: [60], formats: [avif, webp, jpeg] }]
`,
      ),
    )
  })

  it('adopts pictures as masters, to which a prompt can be added later', async () => {
    const project = await createTestProject({ server: true })
    const { cli, write, text } = project
    const kinds = await everyKind(5)
    for (const [name, bytes] of Object.entries(kinds)) write(`images/${name}`, bytes)
    write('images.yaml', 'version: 1\nprovider: openai\n')
    const done = await cli(['import', 'images', '--as', 'masters', '--yes'])
    expect(done).toMatchObject({ code: 0, stderr: '' })
    const before = text('images.yaml')
    for (const [name, bytes] of Object.entries(kinds)) {
      expect(project.bytes(`images/${name}`)).toEqual(bytes)
    }
    const { requested, failed } = await project.generate()
    expect({ requested, failed }).toEqual({ requested: [], failed: [] })
    const again = await cli(['import', 'images', '--as', 'masters', '--yes'])
    expect(again.stdout).toContain(': 0 new, 16 copies.')
    expect(text('images.yaml')).toBe(before)

    write('images.yaml', before.replace('prompt: scan', 'prompt: A scan of a letter'))
    const { steps } = await project.plan()
    expect(steps.filter(({ kind }) => kind !== 'keep')).toHaveLength(1)
  })

  it.runIf(isSoak)('adds ten thousand pictures in one run', async () => {
    const { cli, write, text, project } = await createTestProject()
    const jpeg = await flat(640, 480, { r: 1, g: 2, b: 3 }).jpeg().toBuffer()
    for (let index = 0; index < 10_000; index++) {
      const comment = Buffer.from(`\xff\xfe\0\x08${String(index).padStart(6, '0')}`, 'latin1')
      const bytes = Buffer.concat([jpeg.subarray(0, 2), comment, jpeg.subarray(2)])
      write(`public/products/shelf-${index % 100}/picture of product ${index}.jpg`, bytes)
      write(`pages/${index}.html`, `<img src="/products/shelf-${index % 100}/x.jpg" width="320">`)
    }
    expect(await cli(['import', 'public', '--yes'])).toMatchObject({ code: 0, stderr: '' })
    expect(text('images.yaml').match(/source:/g)).toHaveLength(10_000)
    expect((await project.plan()).plan.steps).toHaveLength(10_000)
    expect((await cli(['import', 'public', '--yes'])).stdout).toContain('10000 already')
  })

  it.each([
    [['import', '..'], 'is not inside the folder of the manifest'],
    [['import', 'missing'], 'missing is not a folder'],
    [['import', '.', '--as', 'links'], 'it can only be sources or masters'],
  ])('rejects %j', async (args, message) => {
    const { cli } = await createTestProject()
    expect(await cli(args)).toMatchObject({ code: 1, stderr: expect.stringContaining(message) })
  })
})
