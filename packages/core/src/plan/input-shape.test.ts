import { describe, expect, test } from 'vitest'
import { sha256 } from '../digest.ts'
import { hashRequest, type ImageRequest, requestOf } from '../identity/request.ts'
import type { ShelvedPicture } from '../identity/shelf-key.ts'
import type { Size } from '../models/size.ts'
import type { Step } from './plan.ts'
import { createWorld, type World } from './testing.ts'

const HEAD = 'version: 1\nprovider: openai\n'

function manifest(edit: string, head = ''): string {
  return `${HEAD}${head}assets:
  hero: { prompt: a harbour, size: 1536x1024 }
  ${edit}
`
}

const night = (rest = ''): string =>
  `night: { edit: { image: hero }, prompt: the same at night${rest} }`

/** Returns the sizes that a plan requests, by asset. */
function requested({ steps }: { steps: readonly Step[] }): Record<string, string> {
  return Object.fromEntries(
    steps.flatMap((step) => (step.kind === 'generate' ? [[step.asset, step.request.size]] : [])),
  )
}

function setMasterSize(world: World, asset: string, size: Size): void {
  Object.assign(world.lock.assets.get(asset)!.master, size)
}

/** A project in which `hero` has a master of a size, and `night` is to be made. */
function withMaster(text: string, size: Size): World {
  const world = createWorld(text)
  setMasterSize(world, 'hero', size)
  world.lock.assets.delete('night')
  world.inventory.masters.delete('images/night.png')
  return world
}

describe('an edit', () => {
  test.each([
    [{ width: 1536, height: 1024 }, '1024x688'],
    [{ width: 1024, height: 1536 }, '1024x1536'],
    [{ width: 4032, height: 3024 }, '1024x768'],
    [{ width: 1000, height: 1000 }, '1024x1024'],
    // Wider than the model allows.
    [{ width: 4000, height: 500 }, '1424x480'],
  ])('has the shape of its input of %o', (size, expected) => {
    expect(requested(withMaster(manifest(night()), size).plan())).toEqual({ night: expected })
  })

  test.each([
    ['gpt-image-1.5', { width: 1536, height: 1024 }, '1536x1024'],
    ['gpt-image-1.5', { width: 3024, height: 4032 }, '1024x1536'],
    ['gpt-image-1.5', { width: 1100, height: 1000 }, '1024x1024'],
  ])('has the nearest shape that %s supports, for %o', (model, size, expected) => {
    const world = withMaster(manifest(night(`, model: ${model}`)), size)
    expect(requested(world.plan())).toEqual({ night: expected })
  })

  test('has the shape that its input will have', () => {
    const world = createWorld(manifest(night()))
    world.lock.assets.clear()
    world.inventory.masters.clear()
    expect(requested(world.plan())).toEqual({ hero: '1536x1024', night: '1024x688' })
  })

  test.each([
    ['a file', 'night: { edit: { image: ./photo.jpg }, prompt: at night }', 'photo.jpg'],
    [
      'a source',
      "photo: { source: ./photo.jpg, alt: '' }\n  night: { edit: { image: photo }, prompt: at night }",
      'photo.jpg',
    ],
  ])('has the shape of %s', (_, edit, path) => {
    const world = createWorld(manifest(edit))
    world.lock.assets.delete('night')
    world.lock.assets.delete('photo')
    world.inventory.masters.clear()
    world.inventory.sources = new Map([[path, { bytes: 1, sha256: sha256('photo') }]])
    world.inventory.sourceSizes = new Map([[path, { width: 3000, height: 4500 }]])
    expect(requested(world.plan())).toMatchObject({ night: '1024x1536' })
  })

  test.each([
    ['its own size', ', size: 1024x1024', '1024x1024'],
    ['outputs with a shape', ', outputs: [{ width: 800, height: 800 }]', '816x816'],
    ['a preset with a shape', ', outputs: [og, { widths: [320, 640] }]', '1200x640'],
  ])('does not have the shape of its input if it has %s', (_, rest, expected) => {
    const world = withMaster(manifest(night(rest)), { width: 1024, height: 1536 })
    expect(requested(world.plan())).toEqual({ night: expected })
  })

  test('is as wide as its outputs', () => {
    const world = withMaster(manifest(night(', outputs: [{ widths: [640, 1280] }]')), {
      width: 1500,
      height: 1000,
    })
    expect(requested(world.plan())).toEqual({ night: '1296x864' })
    const { outputs } = world.manifest.assets.find(({ name }) => name === 'night')!
    expect(outputs.every(({ fit }) => fit === 'inside')).toBe(true)
  })

  test.each([
    [{ width: 600, height: 900 }, '672x1008'],
    [{ width: 4000, height: 3000 }, '944x704'],
    [{ width: 1600, height: 900 }, '1088x608'],
  ])('has the shape of its input of %o, though its outputs are small', (size, expected) => {
    const world = withMaster(manifest(night(', outputs: [{ width: 300 }]')), size)
    expect(requested(world.plan())).toEqual({ night: expected })
  })

  test('costs what a picture of that size costs', () => {
    const size = { width: 1024, height: 3000 }
    const { usd } = withMaster(manifest(night()), size).plan()
    const explicit = withMaster(manifest(night(', size: 1024x3008')), size).plan()
    expect(requested(withMaster(manifest(night()), size).plan())).toEqual({ night: '1024x3008' })
    expect(usd).toBe(explicit.usd)
  })
})

describe('a picture that was paid for', () => {
  const size = { width: 1024, height: 1536 }
  const requestAt = (world: World, requestSize: string): ImageRequest => {
    const asset = world.manifest.assets.find(({ name }) => name === 'night')!
    return requestOf({ ...asset, size: requestSize }, () => sha256('master of hero'))
  }

  test('stays when only the shape of its request would be another one', () => {
    const world = createWorld(manifest(night()))
    setMasterSize(world, 'hero', size)
    const entry = world.lock.assets.get('night')!
    world.lock.assets.set('night', { ...entry, request: requestAt(world, '1024x1024') })
    expect(requested(world.plan())).toEqual({})
  })

  test.each(['1024x1024', '1024x688', '1024x1536'])(
    'is recovered from the journal, requested at %s',
    (sent) => {
      const world = withMaster(manifest(night()), size)
      const key = hashRequest(requestAt(world, sent))
      world.inventory.journal = new Map([[key, sha256('received')]])
      expect(world.plan().steps).toContainEqual(
        expect.objectContaining({ kind: 'recover', asset: 'night', from: 'journal', key }),
      )
    },
  )

  test.each(['1024x1024', '1024x1536'])('is not requested while a batch has it at %s', (sent) => {
    const world = withMaster(manifest(night()), size)
    world.inventory.inBatch = new Map([
      [hashRequest(requestAt(world, sent)), ['2026-11-22T00:00:00.000Z']],
    ])
    expect(world.plan().steps.map(({ kind }) => kind)).toContain('keep')
    expect(requested(world.plan())).toEqual({})
  })

  test('is taken from the shelf after its input was, whatever size the server returned', () => {
    const world = createWorld(manifest(night()))
    setMasterSize(world, 'hero', { width: 1000, height: 800 })
    const hero = world.manifest.assets.find(({ name }) => name === 'hero')!
    const before = sha256('hero before')
    const sent = requestAt(world, '1040x832')
    const requestHash = hashRequest({ ...sent, inputs: [{ role: 'image', sha256: before }] })
    const shelve = (hash: string, digest: string): void => {
      const key = `${hash}+${digest}+00000000`
      shelf.set(hash, [{ key, requestHash: hash, sha256: digest, tag: '00000000', size: null }])
    }
    const shelf = new Map<string, ShelvedPicture[]>()
    shelve(hashRequest(requestOf(hero)), before)
    shelve(requestHash, sha256('night before'))
    world.inventory.shelf = shelf
    const { request } = world.lock.assets.get('hero')! as { request: ImageRequest }
    world.lock.assets.set('hero', {
      ...world.lock.assets.get('hero')!,
      request: { ...request, prompt: 'a valley' },
    })
    expect(requested(world.plan())).toEqual({})
  })
})
