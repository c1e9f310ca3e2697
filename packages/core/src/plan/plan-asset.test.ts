import { expect, test } from 'vitest'
import { sha256 } from '../digest.ts'
import { hashRequest, requestOf } from '../identity/request.ts'
import { parseShelfKey, shelfKey } from '../identity/shelf-key.ts'
import type { LockEntry } from '../lock/lock.ts'
import { gatherFacts } from './asset-facts.ts'
import { createContext, recordStep } from './context.ts'
import { sortInputsFirst } from './input-order.ts'
import { planAsset, rules } from './plan-asset.ts'
import type { PlanOptions, Step } from './plan.ts'
import { createWorld, entryOf, type World } from './testing.ts'

const base = `version: 1
provider: openai
defaults: { outputs: [{ name: s, width: 64, height: 64, formats: [webp] }] }
assets:
  hill: { prompt: A green hill, alt: x }
  night: { edit: { image: hill }, prompt: The same at night, alt: x }
`
const HILL = 'images/hill.png'
const AT = '2026-11-22T08:00:00.000Z'
const NOT_DOWNLOADED: Case['step'] = ['keep', 'not-downloaded']
const hillOnly = base.replace(/ {2}night.*\n/, '')

/** A situation in which one rule decides about `asset`, default `hill`, and returns `step`. */
type Case = {
  when: string
  text?: string
  asset?: string
  change?: (world: World) => void
  options?: Partial<PlanOptions>
  step: [kind: Step['kind'], reason: string]
}

const casesByRule: Record<string, Case[]> = {
  keepLink: [
    {
      when: 'the master is a link',
      change: ({ inventory }) => (inventory.links = new Set([HILL])),
      step: ['keep', 'link'],
    },
    {
      when: 'the master is a link and the request is new',
      change: (world) => {
        forget(world)
        world.inventory.links = new Set([HILL])
      },
      step: ['keep', 'link'],
    },
  ],
  keepNotDownloaded: [
    { when: 'the master is a Git LFS pointer', change: replaceByPointer, step: NOT_DOWNLOADED },
    {
      when: 'the master is a pointer and the request changed',
      change: (world) => {
        replaceByPointer(world)
        changePrompt(world)
      },
      step: NOT_DOWNLOADED,
    },
    {
      when: 'the master is empty, and the asset is forced',
      change: (world) => {
        world.inventory.masters.set(HILL, { bytes: 0, sha256: '', pointer: 'empty' })
      },
      options: { force: true, only: new Set(['hill']) },
      step: NOT_DOWNLOADED,
    },
    {
      when: 'a new asset is made from a pointer',
      asset: 'night',
      change: (world) => {
        replaceByPointer(world)
        world.lock.assets.delete('night')
      },
      step: NOT_DOWNLOADED,
    },
    {
      when: 'the prompt changed and the digest of an input is unknown',
      asset: 'night',
      change: (world) => {
        world.rewrite(base.replace('at night', 'at noon'))
        world.inventory.masters.set(HILL, { bytes: 90, sha256: '', pointer: 'git-annex' })
      },
      step: NOT_DOWNLOADED,
    },
  ],
  recoverReceived: [
    {
      when: 'the journal has a picture that the lockfile does not record',
      change: (world) => receive(world, 'paid'),
      step: ['recover', 'received-before'],
    },
    {
      when: 'the picture in the journal is in place, and the lockfile has no entry',
      change: (world) => {
        world.lock.assets.delete('hill')
        world.inventory.masters.set(HILL, { bytes: 1, sha256: sha256('paid') })
        receive(world, 'paid')
      },
      step: ['recover', 'received-before'],
    },
    {
      when: 'an edited master is forced',
      change: (world) => {
        edit(world)
        receive(world, 'paid')
      },
      options: { force: true },
      step: ['recover', 'received-before'],
    },
  ],
  moveRenamed: [
    {
      when: 'an asset that left the manifest has the same request',
      change: (world) => world.rewrite(hillOnly.replace('hill:', 'mound:')),
      asset: 'mound',
      step: ['move', 'renamed'],
    },
  ],
  keepUntracked: [
    {
      when: 'the lockfile does not record the file',
      change: (world) => world.lock.assets.delete('hill'),
      step: ['keep', 'untracked'],
    },
    {
      when: 'a new asset has an unknown file in place and a picture in the journal',
      change: (world) => {
        world.lock.assets.delete('hill')
        edit(world)
        receive(world, 'paid')
      },
      step: ['keep', 'untracked'],
    },
  ],
  keepMissing: [
    {
      when: 'an adopted master is missing',
      change: (world) => {
        setMaster(world, { state: 'adopted' })
        world.inventory.masters.delete(HILL)
      },
      step: ['keep', 'kept-missing'],
    },
    {
      when: 'a pinned master is missing and all is forced',
      change: (world) => {
        setMaster(world, { state: 'pinned' })
        world.inventory.masters.delete(HILL)
      },
      options: { force: true },
      step: ['keep', 'kept-missing'],
    },
  ],
  keepEdited: [
    { when: 'the master is edited', change: edit, step: ['keep', 'edited'] },
    {
      when: 'the master is edited and its request changed',
      change: (world) => {
        edit(world)
        changePrompt(world)
      },
      step: ['keep', 'edited'],
    },
    {
      when: 'a pinned master is edited and all is forced',
      change: (world) => {
        edit(world)
        setMaster(world, { state: 'pinned' })
      },
      options: { force: true },
      step: ['keep', 'edited'],
    },
  ],
  keepPaidFor: [
    {
      when: 'the picture was paid for and the changed request is free',
      change: (world) =>
        world.rewrite(
          base.replace('provider: openai', 'provider: local').replace('green', 'brown'),
        ),
      step: ['keep', 'paid-for'],
    },
  ],
  keepInBatch: [
    {
      when: 'the changed request is in a batch',
      change: (world) => {
        changePrompt(world)
        sendInBatch(world)
      },
      step: ['keep', 'in-batch'],
    },
    {
      when: 'the request is in a batch and the journal has one of its pictures',
      change: (world) => {
        changePrompt(world)
        sendInBatch(world)
        receive(world, 'paid')
      },
      step: ['keep', 'in-batch'],
    },
  ],
  keepFailedInBatch: [
    {
      when: 'a batch returned without a picture',
      change: changePrompt,
      options: { failedInBatch: new Set([hashOfText(base.replace('green', 'brown'))]) },
      step: ['keep', 'failed-in-batch'],
    },
  ],
  keepLinked: [
    {
      when: 'the picture of the changed request is still to be fetched from a link',
      change: (world) => {
        changePrompt(world)
        link(world)
      },
      step: ['keep', 'linked'],
    },
    {
      when: 'the picture of a new asset is still to be fetched from a link',
      change: (world) => {
        forget(world, 'hill')
        world.inventory.masters.clear()
        link(world)
      },
      step: ['keep', 'linked'],
    },
    {
      when: 'an older picture of the request is on the shelf too',
      change: (world) => {
        changePrompt(world)
        shelve(world, hashOf(world), 'old')
        link(world)
      },
      step: ['keep', 'linked'],
    },
  ],
  waitForBatch: [
    {
      when: 'an input comes in a batch',
      asset: 'night',
      change: (world) => {
        forget(world, 'night')
        changePrompt(world)
      },
      options: { batch: true },
      step: ['keep', 'waits-for-batch'],
    },
  ],
  recoverReplaced: [
    {
      when: 'the request is that of a replaced master',
      change: (world) => {
        changePrompt(world)
        shelve(world, hashOf(world), 'earlier')
      },
      step: ['recover', 'had-before'],
    },
    {
      when: 'a new asset has the request of a replaced master, and is forced',
      change: (world) => {
        forget(world)
        shelve(world, hashOf(world), 'earlier')
      },
      options: { force: true, only: new Set(['hill']) },
      step: ['recover', 'had-before'],
    },
  ],
  keepBlocked: [
    {
      when: 'its prompt changed and its input is edited',
      asset: 'night',
      change: (world) => {
        edit(world)
        world.rewrite(base.replace('at night', 'at noon'))
      },
      step: ['keep', 'blocked'],
    },
    {
      when: 'it is new and its adopted input is missing',
      asset: 'night',
      change: (world) => {
        forget(world, 'night')
        setMaster(world, { state: 'adopted' })
        world.inventory.masters.delete(HILL)
      },
      step: ['keep', 'blocked'],
    },
    {
      when: 'it is new and the lockfile does not record its input',
      asset: 'night',
      change: (world) => {
        forget(world, 'night')
        world.lock.assets.delete('hill')
      },
      step: ['keep', 'blocked'],
    },
  ],
  generate: [
    { when: 'the asset is new', change: forget, step: ['generate', 'new'] },
    { when: 'the request changed', change: changePrompt, step: ['generate', 'request-changed'] },
    {
      when: 'an input is generated first',
      asset: 'night',
      change: changePrompt,
      step: ['generate', 'input-changed'],
    },
    {
      when: 'the master is missing',
      change: ({ inventory }) => inventory.masters.delete(HILL),
      step: ['generate', 'master-missing'],
    },
    {
      when: 'the asset is forced, although its request is in a batch and on the shelf',
      change: (world) => {
        sendInBatch(world)
        shelve(world, hashOf(world), 'earlier')
      },
      options: { force: true, only: new Set(['hill']) },
      step: ['generate', 'forced'],
    },
    {
      when: 'an edited master is forced',
      change: edit,
      options: { force: true },
      step: ['generate', 'forced'],
    },
  ],
  deriveOutputs: [
    {
      when: 'an output is missing',
      change: ({ inventory }) => inventory.cached.clear(),
      step: ['derive', 'outputs-missing'],
    },
    {
      when: 'an output is missing and the request is in a batch',
      change: (world) => {
        world.inventory.cached.clear()
        sendInBatch(world)
      },
      step: ['derive', 'outputs-missing'],
    },
  ],
  reportBatch: [
    {
      when: 'all is up to date and the request is in a batch',
      change: sendInBatch,
      step: ['keep', 'in-batch'],
    },
  ],
}

const cases = Object.entries(casesByRule).flatMap(([rule, list]) =>
  list.map((each) => ({ rule, ...each })),
)

test.each(cases)('$rule decides when $when', ({ rule, asset = 'hill', step, ...situation }) => {
  const decision = decide(asset, situation)
  expect(decision.rule).toBe(rule)
  expect([decision.step?.kind, decision.step?.reasons[0]?.code]).toEqual(step)
})

test('every rule of the list has a case', () => {
  expect(Object.keys(casesByRule)).toEqual(rules.map(({ name }) => name))
})

test.each<Omit<Case, 'step'>>([
  { when: 'nothing changed' },
  {
    when: 'a pinned master has another request',
    change: (world) => {
      setMaster(world, { state: 'pinned' })
      changePrompt(world)
    },
  },
  {
    when: 'a pinned master is in a batch',
    change: (world) => {
      setMaster(world, { state: 'pinned' })
      sendInBatch(world)
    },
  },
  {
    when: 'the picture in the journal is installed',
    change: (world) => receive(world, 'master of hill'),
  },
])('no rule decides when $when', (situation) => {
  expect(decide('hill', situation)).toEqual({ rule: undefined, step: undefined })
})

test.each<
  [when: string, digest: string | undefined, entry: Partial<LockEntry>, code: string | undefined]
>([
  ['the lockfile has no entry', sha256('a'), {}, 'source-new'],
  [
    'the entry is of another source',
    sha256('a'),
    { request: { operation: 'source', source: 'b.png' } },
    'source-new',
  ],
  [
    'the file changed',
    sha256('b'),
    { request: { operation: 'source', source: 'a.png' } },
    'source-changed',
  ],
  [
    'the file is missing',
    undefined,
    { request: { operation: 'source', source: 'a.png' } },
    'source-changed',
  ],
])('cuts a source again when %s', (_, digest, entry, code) => {
  const world = createWorld(`version: 1\nassets:\n  badge: { source: ./a.png, alt: x }\n`)
  const [badge] = world.manifest.assets
  const locked = entryOf(badge!)
  world.lock.assets.set('badge', {
    ...locked,
    master: { ...locked.master, path: 'a.png', sha256: sha256('a') },
    ...entry,
  })
  if (digest !== undefined) {
    world.inventory.sources = new Map([['a.png', { bytes: 1, sha256: digest }]])
  }
  const step = planAsset(badge!, createContext(world))
  expect([step?.kind, step?.reasons[0]?.code]).toEqual(['derive', code])
})

/** Applies the rules to an asset, after those that it is made from. */
function decide(
  name: string,
  { text = base, change, options: selection }: Omit<Case, 'step' | 'when' | 'asset'>,
): { rule: string | undefined; step: Step | undefined } {
  const world = createWorld(text)
  lockInputs(world)
  change?.(world)
  const options: PlanOptions = { ...world, ...selection }
  const context = createContext(options)
  for (const asset of sortInputsFirst(world.manifest.assets)) {
    if (asset.name !== name) {
      recordStep(context, asset.name, planAsset(asset, context))
      continue
    }
    const facts = gatherFacts(asset, context)
    const rule = rules.find((each) => each(facts, options) !== undefined)
    return { rule: rule?.name, step: rule?.(facts, options) }
  }
  throw new Error(`No asset ${name}.`)
}

/** Records the digest of the hill as an input of the night. */
function lockInputs({ lock }: World): void {
  const night = lock.assets.get('night')!
  const inputs = [{ role: 'image' as const, sha256: sha256('master of hill') }]
  lock.assets.set('night', {
    ...night,
    request: { ...night.request, inputs } as LockEntry['request'],
  })
}

function forget({ lock, inventory }: World, name = 'hill'): void {
  lock.assets.delete(name)
  inventory.masters.delete(`images/${name}.png`)
}

function replaceByPointer(world: World): void {
  const { bytes, sha256 } = world.inventory.masters.get(HILL)!
  world.inventory.masters.set(HILL, { bytes, sha256, pointer: 'git-lfs' })
}

function edit({ inventory }: World): void {
  inventory.masters.set(HILL, { bytes: 1, sha256: sha256('mine') })
}

function changePrompt(world: World): void {
  world.rewrite(base.replace('green', 'brown'))
}

function shelve({ inventory }: World, requestHash: string, bytes: string): void {
  const key = shelfKey({ asset: 'hill', requestHash, digest: sha256(bytes), size: '1024x1024' })
  inventory.shelf = new Map([[requestHash, [parseShelfKey(key)]]])
}

function setMaster({ lock }: World, change: Partial<LockEntry['master']>): void {
  const entry = lock.assets.get('hill')!
  lock.assets.set('hill', { ...entry, master: { ...entry.master, ...change } })
}

function receive(world: World, bytes: string): void {
  world.inventory.journal.set(hashOf(world), sha256(bytes))
}

function sendInBatch(world: World): void {
  world.inventory.inBatch = new Map([[hashOf(world), [AT]]])
}

/** Records that the picture is paid for, and is still to be fetched. */
function link(world: World): void {
  world.inventory.linked = new Map([[hashOf(world), 1]])
}

function hashOf({ manifest }: World): string {
  return hashRequest(requestOf(manifest.assets.find(({ name }) => name === 'hill')!))
}

function hashOfText(text: string): string {
  return hashOf(createWorld(text))
}
