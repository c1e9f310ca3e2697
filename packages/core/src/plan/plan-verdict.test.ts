import { describe, expect, test } from 'vitest'
import { expectationsOf, hashExpectations } from '../identity/expectation-hash.ts'
import { hashRequest } from '../identity/request.ts'
import type { Verdict } from '../lock/verdict.ts'
import { formatPlan } from './format-plan.ts'
import type { Step } from './plan.ts'
import { adviseOn, stateWord } from './states.ts'
import { createWorld, type World } from './testing.ts'

const hero = (more: string): string =>
  `version: 1\nprovider: openai\nassets:\n  hero: { prompt: A hill, alt: A, outputs: [og], ${more} }\n  other: { prompt: B, alt: B, outputs: [og] }\n`

/** Records verdicts about the current picture of an asset. */
function examine(world: World, name: string, verdicts: Verdict[]): void {
  const entry = world.lock.assets.get(name)!
  const { expect: expected } = world.manifest.assets.find((asset) => asset.name === name)!
  const own = expectationsOf(expected, 'pixels')!
  const digestOf = (other: string): string | null =>
    world.lock.assets.get(other)?.master.sha256 ?? null
  const pixels = { expect: hashExpectations(own, digestOf), verdicts }
  world.lock.assets.set(name, { ...entry, examined: { picture: entry.master.sha256, pixels } })
}

function stepsOf(world: World): Pick<Step, 'kind' | 'asset' | 'reasons'>[] {
  return world.plan().steps.map(({ kind, asset, reasons }) => ({ kind, asset, reasons }))
}

describe('expectations', () => {
  test('need a free step of their own, and make no picture stale', () => {
    const world = createWorld(hero('stale: ok'))
    expect(world.plan().steps).toEqual([])
    world.rewrite(hero('expect: { sharp: true, quiet: left }'))
    const plan = world.plan()
    expect(plan.steps).toEqual([
      {
        kind: 'examine',
        asset: 'hero',
        usd: 0,
        reasons: [{ code: 'not-examined' }],
        tests: ['quiet', 'sharp'],
      },
    ])
    expect([plan.unchanged, plan.usd]).toEqual([1, 0])
    expect(formatPlan(plan).join('\n')).toContain('Plan: 1 to examine.')
  })

  test.each([
    ['other expectations', 'expect: { quiet: right }', { code: 'expectations-changed' }],
    ['another bound', "expect: { palette: { near: ['#fff'] } }", { code: 'expectations-changed' }],
    ['another test', 'expect: { sharp: true }', { code: 'expectations-changed' }],
  ])('are examined again after a change to %s', (_, more, reason) => {
    const world = createWorld(hero('expect: { quiet: left }'))
    examine(world, 'hero', [{ test: 'quiet', passed: true, reason: 'Quiet.' }])
    expect(world.plan().steps).toEqual([])
    world.rewrite(hero(more))
    expect(stepsOf(world)).toEqual([{ kind: 'examine', asset: 'hero', reasons: [reason] }])
  })

  test('are examined again after the picture changed', () => {
    const world = createWorld(hero('expect: { sharp: true }'))
    examine(world, 'hero', [{ test: 'sharp', passed: true, reason: 'Sharp.' }])
    const entry = world.lock.assets.get('hero')!
    const examined = { ...entry.examined!, picture: 'f'.repeat(64) }
    world.lock.assets.set('hero', { ...entry, examined })
    expect(stepsOf(world)[0]!.reasons).toEqual([{ code: 'picture-changed' }])
  })

  test('are examined again when a picture that they are compared with is replaced', () => {
    const world = createWorld(hero('expect: { unlike: other }'))
    examine(world, 'hero', [{ test: 'unlike', of: 'other', passed: true, reason: 'Unlike.' }])
    expect(world.plan().steps).toEqual([])
    world.rewrite(hero('expect: { unlike: other }').replace('prompt: B', 'prompt: C'))
    expect(stepsOf(world).map(({ kind, asset }) => `${kind} ${asset}`)).toEqual([
      'generate other',
      'examine hero',
    ])
    expect(stepsOf(world)[1]!.reasons).toEqual([{ code: 'compared-changed', assets: ['other'] }])
  })

  test('report what did not pass, and why', () => {
    const world = createWorld(hero('expect: { sharp: true, quiet: left }'))
    examine(world, 'hero', [
      { test: 'quiet', passed: false, reason: '40 % of the left third has detail; at most 10 %.' },
      { test: 'sharp', passed: true, reason: 'Sharp.' },
    ])
    const { steps } = world.plan()
    expect(steps.map(({ kind, asset }) => `${kind} ${asset}`)).toEqual(['keep hero'])
    expect(stateWord(steps[0])).toBe('not passed')
    expect(adviseOn(steps)[0]).toContain('limn generate hero --force')
    const text = formatPlan(world.plan()).join('\n')
    expect(text).toContain('not passed: quiet')
    expect(text).toContain('40 % of the left third has detail')
  })

  test('leave out pictures that are still to be made, and those a person has in the works', () => {
    const world = createWorld(hero('expect: { sharp: true }'))
    world.rewrite(hero('expect: { sharp: true }').replace('A hill', 'A valley'))
    expect(stepsOf(world).map(({ kind }) => kind)).toEqual(['generate'])
    const edited = createWorld(hero('expect: { sharp: true }'))
    const { path } = edited.lock.assets.get('hero')!.master
    edited.inventory.masters.set(path, { bytes: 1, sha256: 'e'.repeat(64) })
    expect(stepsOf(edited).map(({ reasons }) => reasons)).toEqual([[{ code: 'edited' }]])
  })
})

describe('attempts', () => {
  test('multiply the price at most of a picture', () => {
    const once = createWorld(hero('expect: { sharp: true }'))
    const thrice = createWorld(hero('attempts: 3, expect: { sharp: true }'))
    for (const world of [once, thrice]) world.lock.assets.delete('hero')
    for (const world of [once, thrice]) world.inventory.masters.clear()
    const priceOf = (world: World): number => {
      const step = world.plan({ only: new Set(['hero']) }).steps[0]!
      return step.kind === 'generate' ? step.usd! : Number.NaN
    }
    expect(priceOf(thrice)).toBeCloseTo(3 * priceOf(once))
    const plan = thrice.plan({ only: new Set(['hero']) })
    expect(plan.steps[0]).toMatchObject({ kind: 'generate', images: 1, attempts: 3 })
    expect(formatPlan(plan).join('\n')).toContain('up to 3 pictures')
  })

  test('continue with what the journal has', () => {
    const world = createWorld(hero('attempts: 3, expect: { sharp: true }'))
    world.rewrite(hero('attempts: 3, expect: { sharp: true }').replace('A hill', 'A valley'))
    const first = world.plan().steps[0]!
    if (first.kind !== 'generate') throw new Error(first.kind)
    const key = hashRequest(first.request)
    world.inventory.journal.set(key, 'a'.repeat(64))
    const next = world.plan().steps[0]!
    expect(next).toMatchObject({
      kind: 'generate',
      reasons: [{ code: 'received-before' }],
      attempts: 2,
      received: [key],
    })
    expect(next.kind === 'generate' && next.usd).toBeCloseTo((first.usd! * 2) / 3)
    for (const number of [2, 3]) world.inventory.journal.set(`${key}+${number}`, 'b'.repeat(64))
    expect(world.plan().steps[0]!.kind).toBe('recover')
  })
})
