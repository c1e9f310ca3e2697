import { describe, expect, it } from 'vitest'
import type { ImageRequest } from '../identity/request.ts'
import type { Plan } from './plan.ts'
import { createWorld, type World } from './testing.ts'

const HEAD = 'version: 1\nprovider: openai\nmasters: remote\n'
const OUTPUTS = 'defaults: { outputs: [{ name: s, width: 64, height: 64, formats: [webp] }] }\n'
const assets = (prompt = 'A hill'): string =>
  `assets:\n  hill: { prompt: ${prompt}, alt: x }\n  night: { prompt: At night, edit: { image: hill }, alt: x }\n`
const manifest = (prompt?: string): string => HEAD + OUTPUTS + assets(prompt)

/** A project in which everything is up to date. */
function createProject(text = manifest()): World {
  const world = createWorld(text)
  const [hill, night] = ['hill', 'night'].map((name) => world.lock.assets.get(name)!)
  const { sha256 } = hill!.master
  const request = { ...(night!.request as ImageRequest), inputs: [{ role: 'image', sha256 }] }
  world.lock.assets.set('night', { ...night!, request: request as ImageRequest })
  return world
}

/** A clone: no master is on this machine. */
function createClone(text = manifest()): World {
  const world = createProject(text)
  world.inventory.masters.clear()
  return world
}

const describePlan = ({ steps }: Plan): string[] =>
  steps.map(
    ({ kind, asset, reasons }) => `${kind} ${asset}: ${reasons.map(({ code }) => code).join(', ')}`,
  )

describe('masters: remote', () => {
  it('needs no master whose files are all derived', () => {
    expect(describePlan(createClone().plan())).toEqual([])
  })

  it('requests missing masters again without the key', () => {
    const world = createClone(manifest().replace('masters: remote\n', ''))
    expect(describePlan(world.plan())).toEqual([
      'generate hill: master-missing',
      'generate night: input-changed',
    ])
  })

  it('waits for a master from which files are to be derived, at no cost', () => {
    const world = createClone()
    world.inventory.cached.clear()
    const plan = world.plan()
    expect(describePlan(plan)).toEqual([
      'keep hill: not-downloaded, outputs-missing',
      'keep night: not-downloaded, outputs-missing',
    ])
    expect(plan.usd).toBe(0)
  })

  it('derives from the masters that are on this machine', () => {
    const world = createProject()
    world.inventory.masters.delete('images/night.png')
    world.inventory.cached.clear()
    expect(describePlan(world.plan())).toEqual([
      'derive hill: outputs-missing',
      'keep night: not-downloaded, outputs-missing',
    ])
  })

  it('replaces a stale master without it, but waits for its input', () => {
    const world = createClone()
    world.rewrite(manifest().replace('At night', 'At noon'))
    expect(describePlan(world.plan())).toEqual(['keep night: not-downloaded'])
    world.inventory.masters.set('images/hill.png', {
      bytes: 100,
      sha256: world.lock.assets.get('hill')!.master.sha256,
    })
    expect(describePlan(world.plan())).toEqual(['generate night: request-changed'])
  })

  it('requests a new prompt, and what is made from it', () => {
    const world = createClone()
    world.rewrite(manifest('A mountain'))
    expect(describePlan(world.plan())).toEqual([
      'generate hill: request-changed',
      'generate night: input-changed',
    ])
  })

  it.each([
    ['hill', 'mountain', ['move mountain: renamed']],
    ['night', 'evening', ['move evening: renamed']],
    ['hill', 'land/hill', ['move land/hill: renamed']],
  ])('finds %s under the name %s, and pays for nothing', (from, to, expected) => {
    const world = createClone()
    world.rewrite(manifest().replaceAll(new RegExp(`\\b${from}\\b(?=:|  *\\})`, 'g'), to))
    const plan = world.plan()
    expect(describePlan(plan)).toEqual(expected)
    expect(plan.usd).toBe(0)
  })

  it('says that the files of a renamed asset need its master', () => {
    const world = createClone()
    world.inventory.cached.clear()
    world.rewrite(manifest().replace('night:', 'evening:'))
    expect(describePlan(world.plan())).toContain('move evening: renamed, not-downloaded')
  })

  it('waits for the master of a renamed input', () => {
    const world = createClone()
    const text = manifest()
      .replace('At night', 'At noon')
      .replaceAll(/\bhill\b(?=:|  *\})/g, 'h')
    world.rewrite(text)
    expect(describePlan(world.plan())).toEqual(['move h: renamed', 'keep night: not-downloaded'])
  })

  it.each(['adopted', 'pinned'] as const)('does not lose a master that is %s', (state) => {
    const world = createClone()
    world.lock.assets.get('hill')!.master.state = state
    expect(describePlan(world.plan())).toEqual([])
  })
})
