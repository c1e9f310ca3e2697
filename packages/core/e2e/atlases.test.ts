import { rmSync } from 'node:fs'
import { join } from 'node:path'
import sharp from 'sharp'
import { expect, test } from 'vitest'
import { createTestProject } from './test-project.ts'

type Rect = { x: number; y: number; w: number; h: number }
type AtlasJson = {
  frames: Record<
    string,
    {
      frame: Rect
      rotated: boolean
      trimmed: boolean
      spriteSourceSize: Rect
      sourceSize: { w: number; h: number }
    }
  >
  meta: { image: string; size: { w: number; h: number }; scale: string; format: string }
}

/** A picture with a coloured rectangle on a transparent ground. */
const sprite = (size: number, { x, y, w, h }: Rect, background: string): Promise<Buffer> =>
  sharp({ create: { width: size, height: size, channels: 4, background: '#00000000' } })
    .composite([
      { input: { create: { width: w, height: h, channels: 4, background } }, left: x, top: y },
    ])
    .png()
    .toBuffer()

const rects: Record<string, Rect> = {
  red: { x: 5, y: 7, w: 20, h: 30 },
  green: { x: 0, y: 0, w: 64, h: 64 },
  blue: { x: 30, y: 40, w: 11, h: 3 },
}
const colors: Record<string, string> = { red: '#ff0000', green: '#00ff00', blue: '#0000ff' }

const manifest = (options = ''): string => `version: 1
defaults: { outputs: [{ name: s, width: 16, height: 16, formats: [webp] }] }
atlases: { sprites: { file: public/sprites.png, pictures: [s], css: true${options} } }
assets:
${Object.keys(rects)
  .map((name) => `  s/${name}: { source: art/${name}.png, alt: x }\n`)
  .join('')}`

test('packs pictures into one file, and only when they change', async () => {
  const art = await Promise.all(
    Object.entries(rects).map(
      async ([name, rect]) => [`art/${name}.png`, await sprite(64, rect, colors[name]!)] as const,
    ),
  )
  const {
    cli,
    bytes,
    text: read,
    write,
    root,
  } = await createTestProject({ files: { 'images.yaml': manifest(), ...Object.fromEntries(art) } })
  const generated = await cli(['generate'])
  expect([generated.code, generated.stdout]).toEqual([
    0,
    expect.stringContaining('public/sprites.png is packed.'),
  ])
  const { frames, meta }: AtlasJson = JSON.parse(read('public/sprites.json'))
  expect(meta).toMatchObject({ image: 'sprites.png', format: 'RGBA8888', scale: '1' })
  const picture = await sharp(bytes('public/sprites.png')).metadata()
  expect(meta.size).toEqual({ w: picture.width, h: picture.height })
  expect(Object.keys(frames)).toEqual(['s/blue', 's/green', 's/red'])
  for (const [name, rect] of Object.entries(rects)) {
    const { frame, ...facts } = frames[`s/${name}`]!
    expect(facts).toEqual({
      rotated: false,
      trimmed: name !== 'green',
      spriteSourceSize: rect,
      sourceSize: { w: 64, h: 64 },
    })
    const part = await sharp(bytes('public/sprites.png'))
      .extract({ left: frame.x - 1, top: frame.y - 1, width: frame.w + 2, height: frame.h + 2 })
      .raw()
      .toBuffer()
    const visible = [...part.keys()].filter((at) => at % 4 === 3 && part[at] === 255).length
    expect([frame.w, frame.h, visible]).toEqual([rect.w, rect.h, rect.w * rect.h])
    expect(read('public/sprites.css')).toContain(`.sprites-s-${name} {\n  width: ${rect.w}px;`)
  }

  const before = bytes('public/sprites.png')
  expect((await cli(['generate'])).stdout).not.toContain('packed')
  expect((await cli(['check'])).code).toBe(0)
  rmSync(join(root, 'public/sprites.png'))
  expect((await cli(['check'])).stderr).toContain('public/sprites.png is missing.')
  await cli(['generate'])
  expect(bytes('public/sprites.png').equals(before)).toBe(true)

  write('art/red.png', await sprite(64, rects['blue']!, '#ff8800'))
  expect((await cli(['generate'])).stdout).toContain('packed')
  expect(bytes('public/sprites.png').equals(before)).toBe(false)
  write('images.yaml', manifest(', size: 32, powerOfTwo: false, padding: 0'))
  expect((await cli(['check'])).stderr).toContain('public/sprites.png is out of date.')
  await cli(['generate'])
  const small: AtlasJson = JSON.parse(read('public/sprites.json'))
  expect(small.frames['s/green']!.sourceSize).toEqual({ w: 32, h: 32 })

  write('public/sprites.json', '{"frames": {}}')
  const foreign = await cli(['generate'])
  expect([foreign.code, foreign.stderr]).toEqual([
    1,
    expect.stringContaining('not one that Limn wrote'),
  ])
  expect(read('public/sprites.json')).toBe('{"frames": {}}')
})
