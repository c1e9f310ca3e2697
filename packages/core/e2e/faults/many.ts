import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'vitest'
import type { Fault } from '../../../../fixtures/openai-server/index.ts'
import { sha256 } from '../../src/digest.ts'
import { hashRequest, requestOf } from '../../src/identity/request.ts'
import { parseLock } from '../../src/lock/codec.ts'
import { cacheName } from '../../src/plan/plan-outputs.ts'
import { smallManifest, type TestProject } from '../test-project.ts'

/** Returns prompts of `count` assets by name. */
export function manyPrompts(count: number): Record<string, string> {
  return Object.fromEntries(
    Array.from({ length: count }, (_, index) => [`boats/p${index}`, `Boat number ${index}`]),
  )
}

/** Formats a manifest of `count` assets that requests `inFlight` of them at a time. */
export function manyManifest(count: number, inFlight = 12): string {
  return smallManifest(manyPrompts(count), `provider: openai\nlimits: { inFlight: ${inFlight} }`)
}

/** An answer with a small picture after `ms`: these tests don't depend on its pixels. */
export function smallPicture(ms: number): Fault {
  return { kind: 'delay', ms, fault: { kind: 'otherPicture', width: 96, height: 96 } }
}

/**
 * Reads what a process left behind, independently of Limn's own recovery. Fails if any of it is
 * incomplete.
 *
 * @returns the prompts whose picture is in the journal or the lockfile: Limn must not request them
 *   again
 */
export async function readKeptPrompts(
  { root, project }: TestProject,
  promptByName: Readonly<Record<string, string>>,
): Promise<Set<string>> {
  const lockFile = join(root, 'images.lock')
  const lock = existsSync(lockFile)
    ? parseLock(readFileSync(lockFile, 'utf8'), 'images.lock')
    : undefined
  const folder = join(root, '.limn', 'journal')
  const journal = existsSync(folder)
    ? readdirSync(folder).filter((name) => name.endsWith('.picture') && !name.startsWith('.'))
    : []
  for (const name of journal) {
    expect(isCompletePng(readFileSync(join(folder, name))), `${name} is complete`).toBe(true)
    expect(
      JSON.parse(readFileSync(join(folder, name.replace('.picture', '.json')), 'utf8')),
      `${name} has its record`,
    ).toMatchObject({
      request: { model: expect.any(String) },
      made: { provider: 'openai', usd: expect.any(Number) },
    })
  }
  const { manifest } = await project.snapshot()
  const kept = new Set<string>()
  for (const asset of manifest.assets) {
    const isReceived = journal.includes(`${hashRequest(requestOf(asset))}.picture`)
    if (isReceived || lock?.assets.has(asset.name) === true) kept.add(promptByName[asset.name]!)
  }
  for (const [name, { master }] of lock?.assets ?? []) {
    expect(
      sha256(readFileSync(join(root, master.path))),
      `${name} is the picture in the lockfile`,
    ).toBe(master.sha256)
  }
  return kept
}

/** Asserts that every asset is in the lockfile with the right files, and that nothing is left over. */
export function expectComplete(
  { root, list }: TestProject,
  promptByName: Readonly<Record<string, string>>,
): void {
  const lock = parseLock(readFileSync(join(root, 'images.lock'), 'utf8'), 'images.lock')
  expect([...lock.assets.keys()].sort()).toEqual(Object.keys(promptByName).sort())
  for (const { request, master, outputs } of lock.assets.values()) {
    expect(sha256(readFileSync(join(root, master.path)))).toBe(master.sha256)
    const [output] = Object.values(outputs)
    const cached = join(
      root,
      'node_modules',
      '.cache',
      'limn',
      'outputs',
      cacheName(output!.recipe!, { format: 'webp' }),
    )
    expect(sha256(readFileSync(cached)), request.operation).toBe(output!.sha256)
  }
  expect(list('images')).toHaveLength(Object.keys(promptByName).length)
  expect(listLeftovers(root)).toEqual([])
}

/** Lists the files and folders that only a crashed process can have left. */
export function listLeftovers(root: string): string[] {
  const everything = readdirSync(root, { recursive: true, encoding: 'utf8' })
  return everything.filter(
    (path) =>
      path.endsWith('.tmp') || /^\.limn\/(journal\/|intents\/|writer\.(lock|died))/.test(path),
  )
}

function isCompletePng(bytes: Buffer): boolean {
  return (
    bytes.subarray(0, 8).toString('latin1') === '\x89PNG\r\n\x1a\n' &&
    bytes.subarray(-8, -4).toString('latin1') === 'IEND'
  )
}
