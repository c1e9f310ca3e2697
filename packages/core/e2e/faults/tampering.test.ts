import {
  copyFileSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import type { LockJson } from '../project-files.ts'
import { createTestProject, smallManifest, stepsOf, type TestProject } from '../test-project.ts'

const three = smallManifest({ a: 'A red hill', b: 'A blue lake', c: 'A green tree' })

async function createDone(manifest = three): Promise<TestProject> {
  const project = await createTestProject({ files: { 'images.yaml': manifest }, server: true })
  await project.generate()
  expect(await project.cli(['check'])).toMatchObject({ code: 0 })
  return project
}

/** Creates a folder outside every project. */
function createOutside(): string {
  const outside = mkdtempSync(join(tmpdir(), 'limn-outside-'))
  onTestFinished(() => rmSync(outside, { recursive: true }))
  return outside
}

function editLock({ lock, write }: TestProject, change: (lock: LockJson) => void): void {
  const content = lock()
  change(content)
  write('images.lock', `${JSON.stringify(content, null, 2)}\n`)
}

type Case = [name: string, tamper: (project: TestProject) => void, ...messages: RegExp[]]

const masters: Case[] = [
  [
    'a changed master',
    ({ root }) => copyFileSync(join(root, 'images/b.png'), join(root, 'images/a.png')),
    /✗ a: images\/a\.png is the picture of b\.\n\s+→ Restore images\/a\.png with git\./,
    /✗ a\s+edited: kept until it is adopted/,
  ],
  [
    'two swapped masters',
    ({ root }) => {
      renameSync(join(root, 'images/a.png'), join(root, 'images/x.png'))
      renameSync(join(root, 'images/b.png'), join(root, 'images/a.png'))
      renameSync(join(root, 'images/x.png'), join(root, 'images/b.png'))
    },
    /✗ a: images\/a\.png is the picture of b\./,
    /✗ b: images\/b\.png is the picture of a\./,
  ],
  [
    'a truncated master',
    ({ root, bytes }) =>
      truncateSync(join(root, 'images/a.png'), bytes('images/a.png').length - 20),
    /✗ a\s+edited: kept until it is adopted/,
    /restore (it|them) with git/,
  ],
  [
    'a master with one flipped bit',
    ({ bytes, write }) => {
      const content = bytes('images/a.png')
      content[content.length - 30]! ^= 1
      write('images/a.png', content)
    },
    /✗ a\s+edited: kept until it is adopted/,
  ],
  [
    'an empty master',
    ({ write }) => write('images/a.png', ''),
    /✗ a\s+not downloaded: images\/a\.png is an empty file/,
  ],
  [
    'a missing master',
    ({ root }) => unlinkSync(join(root, 'images/a.png')),
    /✗ a\s+missing: git can restore it/,
  ],
  [
    'a folder in place of a master',
    ({ root }) => {
      unlinkSync(join(root, 'images/a.png'))
      mkdirSync(join(root, 'images/a.png'))
    },
    /✗ a\s+missing/,
  ],
]

const locks: Case[] = [
  [
    'a digest',
    (project) => editLock(project, ({ assets }) => (assets['a']!.master.sha256 = '0'.repeat(64))),
    /✗ a\s+edited: kept until it is adopted/,
  ],
  [
    'a size',
    (project) => editLock(project, ({ assets }) => (assets['a']!.master.width = 4000)),
    /✗ a: images\/a\.png is 816x816 px, but the lockfile says 4000x816\.\n\s+→ Restore images\.lock with git\./,
  ],
  [
    'a number of bytes',
    (project) =>
      editLock(project, ({ assets }) => Object.assign(assets['a']!.master, { bytes: 5 })),
    /✗ a: images\/a\.png has \d+ bytes, but the lockfile says 5\./,
  ],
  [
    'a path',
    (project) => editLock(project, ({ assets }) => (assets['a']!.master.path = 'images/b.png')),
    /✗ a: Its master path in the lockfile is images\/b\.png, not images\/a\.\*\./,
  ],
  [
    'a prompt',
    (project) => editLock(project, ({ assets }) => (assets['a']!.request['prompt'] = 'Another')),
    /✗ a\s+stale: prompt changed/,
  ],
  [
    'a model',
    (project) => editLock(project, ({ assets }) => (assets['a']!.request['model'] = 'gpt-image-2')),
    /✗ a\s+stale: model changed/,
  ],
  [
    'a recipe',
    (project) =>
      editLock(project, ({ assets }) =>
        Object.assign(assets['a']!.outputs['s.webp']!, { recipe: '0'.repeat(64) }),
      ),
    /✗ a\s+outputs: preset s changed/,
  ],
  [
    "an output's size",
    (project) => editLock(project, ({ assets }) => (assets['a']!.outputs['s.webp']!.width = 9)),
    /✗ a: s\.webp is 64x64 px, but the lockfile says 9x64\./,
  ],
]

test.each([
  ['masters', masters],
  ['lockfile', locks],
])('reports what was changed in the %s by hand, and how to fix it', async (_, cases) => {
  const project = await createDone()
  const kept = mkdtempSync(join(tmpdir(), 'limn-kept-'))
  onTestFinished(() => rmSync(kept, { recursive: true }))
  cpSync(project.root, kept, { recursive: true, preserveTimestamps: true })
  for (const [name, tamper, ...messages] of cases) {
    tamper(project)
    const { code, stdout, stderr } = await project.cli(['check'])
    expect(code, name).toBe(1)
    for (const words of messages) expect(stderr, name).toMatch(words)
    expect(stderr + stdout, name).not.toMatch(/bug|\n\s+at /)
    rmSync(join(project.root, 'images'), { recursive: true })
    cpSync(kept, project.root, { recursive: true })
  }
  await project.expectUpToDate()
  expect(project.server.requests).toHaveLength(3)
})

test('reports entries that only the lockfile has', async () => {
  const project = await createDone()
  editLock(
    project,
    ({ assets }) =>
      (assets['zoo'] = {
        ...assets['a']!,
        master: { ...assets['a']!.master, path: 'images/zoo.png' },
      }),
  )
  expect((await project.cli(['check'])).stdout).toContain(
    'In images.lock but not in the manifest (limn prune): zoo.',
  )
})

test('detects a changed output, and derives it again', async () => {
  const project = await createDone(
    three.replace('provider: openai', 'provider: openai\nout: public'),
  )
  const right = project.bytes('public/a/s.webp')
  project.write('public/a/s.webp', 'not a picture')
  const { code, stderr } = await project.cli(['check'])
  expect(code).toBe(1)
  expect(stderr).toMatch(/✗ a\s+outputs: s\.webp altered/)
  await project.generate()
  expect(project.bytes('public/a/s.webp').equals(right)).toBe(true)
  expect(project.server.requests).toHaveLength(3)
})

test('resolves merge conflicts by the pictures on the disk, and pays for nothing', async () => {
  const project = await createDone()
  const before = project.text('images.lock')
  const theirs = before.replace(project.lock().assets['b']!.master.sha256, '1'.repeat(64))
  const [from, to] = [before.indexOf('    "b": {'), before.indexOf('    "c": {')]
  project.write(
    'images.lock',
    `${before.slice(0, from)}<<<<<<< HEAD\n${theirs.slice(from, to)}=======\n${before.slice(from, to)}>>>>>>> feature\n${before.slice(to)}`,
  )
  const check = await project.cli(['check'])
  expect(check).toMatchObject({ code: 1 })
  expect(check.stderr).toMatch(
    /✗ images\.lock contains merge conflict markers\.\n\s+→ Run `limn generate`/,
  )
  expect(stepsOf(await project.plan())).toEqual([])
  expect(await project.cli(['generate'])).toMatchObject({ code: 0 })
  expect(project.text('images.lock')).toBe(before)
  expect(project.server.requests).toHaveLength(3)
})

test('keeps and reports links in place of pictures, and neither pays for nor writes through them', async () => {
  const project = await createDone(
    smallManifest({
      out: 'A red hill',
      loop: 'A blue lake',
      nowhere: 'A green tree',
      other: 'A grey rock',
      right: 'A black cat',
    }),
  )
  const outside = createOutside()
  writeFileSync(join(outside, 'a.png'), 'mine')
  const links = {
    out: join(outside, 'a.png'),
    loop: 'loop.png',
    nowhere: 'gone.png',
    other: 'right.png',
  }
  const right = project.bytes('images/right.png')
  for (const [name, target] of Object.entries(links)) {
    unlinkSync(join(project.root, `images/${name}.png`))
    symlinkSync(target, join(project.root, `images/${name}.png`))
  }
  const { code, stderr } = await project.cli(['check'])
  expect(code).toBe(1)
  for (const name of Object.keys(links)) {
    expect(stderr).toMatch(
      new RegExp(`✗ ${name}\\s+link: Limn does not follow images/${name}\\.png`),
    )
  }
  project.edit('A red hill', 'A white hill')
  expect(await project.generate()).toMatchObject({ generated: 0, requested: [] })
  // With --force, the picture replaces the link.
  expect(await project.generate({ names: Object.keys(links), force: true })).toMatchObject({
    generated: 4,
    failed: [],
  })
  expect(project.bytes('images/right.png').equals(right)).toBe(true)
  expect(readdirSync(outside)).toEqual(['a.png'])
  await project.expectUpToDate()
})

test('keeps and reports a link in place of an asset’s folder, and requests only the other assets', async () => {
  const outside = createOutside()
  const project = await createTestProject({
    files: {
      'images.yaml': smallManifest({ 'deep/a': 'A red hill', b: 'A blue lake' }),
      'images/x': '',
    },
    server: true,
  })
  symlinkSync(outside, join(project.root, 'images/deep'))
  const { code, stdout } = await project.cli(['generate'])
  expect(code).toBe(0)
  expect(stdout).toMatch(/! deep\/a +link: Limn does not follow images\/deep/)
  expect(readdirSync(outside)).toEqual([])
  expect(await project.cli(['check'])).toMatchObject({ code: 1 })
  unlinkSync(join(project.root, 'images/deep'))
  expect(await project.generate()).toMatchObject({ generated: 1, requested: ['A red hill'] })
})

test('sends no request and writes nothing if a folder it needs is a link that points outside the project', async () => {
  const outside = createOutside()
  const project = await createTestProject({
    files: { 'images.yaml': three.replace('provider: openai', 'provider: openai\nout: public') },
    server: true,
  })
  for (const folder of ['.limn', 'images', 'public']) {
    symlinkSync(outside, join(project.root, folder))
    const { code, stderr } = await project.cli(['generate'])
    expect(code).toBe(1)
    expect(stderr).toMatch(
      new RegExp(
        `^Error: \\S+ can't be written: \\S+/${folder} is a link that points outside the project\\.\n {2}→ Replace the link with a folder`,
      ),
    )
    expect(readdirSync(outside)).toEqual([])
    unlinkSync(join(project.root, folder))
  }
  expect(project.server.requests).toEqual([])
  expect(await project.generate()).toMatchObject({ generated: 3, failed: [] })
  // `pin` writes to these folders too.
  rmSync(join(project.root, '.limn'), { recursive: true })
  symlinkSync(outside, join(project.root, '.limn'))
  expect(await project.cli(['pin', 'a'])).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('is a link that points outside the project'),
  })
  expect(readdirSync(outside)).toEqual([])
})

test('follows links that stay in the project', async () => {
  const project = await createTestProject({ files: { 'images.yaml': three }, server: true })
  for (const [link, folder] of [
    ['images', 'public/pictures'],
    ['.limn', 'var/limn'],
  ] as const) {
    mkdirSync(join(project.root, folder), { recursive: true })
    symlinkSync(folder, join(project.root, link))
  }
  expect(await project.generate()).toMatchObject({ generated: 3, failed: [] })
  for (const command of ['check', 'plan']) {
    expect(await project.cli([command]), command).toMatchObject({ code: 0, stderr: '' })
  }
  // The changed asset is planned alone now.
  project.edit('A red hill', 'A white hill')
  expect((await project.cli(['plan'])).stdout).toContain('Plan: 1 to generate')
  expect(await project.cli(['generate'])).toMatchObject({ code: 0, stderr: '' })
  expect(readdirSync(join(project.root, 'public/pictures')).sort()).toEqual([
    'a.png',
    'b.png',
    'c.png',
  ])
  expect(project.server.requests).toHaveLength(4)
})

test.each([
  [
    'if a folder has the picture’s name',
    'a',
    (root: string) => mkdirSync(join(root, 'images/a.png/x'), { recursive: true }),
    /images\/a\.png can't be written: a folder has that name\./,
  ],
  [
    'if a file has a folder’s name',
    'deep/a',
    (root: string) => {
      mkdirSync(join(root, 'images'))
      writeFileSync(join(root, 'images/deep'), 'mine')
    },
    /can't be written: (another file has that name|a part of its path is a file)\./,
  ],
])('keeps what it paid for %s', async (_, name, prepare, message) => {
  const project = await createTestProject({
    files: { 'images.yaml': smallManifest({ [name]: 'A hill', fine: 'A lake' }) },
    server: true,
  })
  prepare(project.root)
  const { code, stderr } = await project.cli(['generate'])
  expect(code).toBe(1)
  expect(stderr).toMatch(message)
  expect(stderr).not.toMatch(/bug|\n\s+at /)
  expect(Object.keys(project.lock().assets)).toEqual(['fine'])
  rmSync(join(project.root, 'images', name === 'a' ? 'a.png' : 'deep'), { recursive: true })
  expect(await project.generate()).toMatchObject({ recovered: 1, requested: [] })
})

test('rejects names that are too long for a disk, and accepts the longest possible', async () => {
  const project = await createTestProject({
    files: { 'images.yaml': smallManifest({ ['灯'.repeat(200)]: 'A hill' }) },
    server: true,
  })
  const { code, stderr } = await project.cli(['plan'])
  expect(code).toBe(1)
  expect(stderr).toMatch(
    /A part of the name has 600 bytes; disks allow at most 255 including the extension\.[\s\S]*or 80 Chinese ones/,
  )
  project.write(
    'images.yaml',
    smallManifest({ [`${'灯'.repeat(80)}/${'塔'.repeat(80)}`]: 'A hill' }),
  )
  expect(await project.generate()).toMatchObject({ generated: 1, failed: [] })
})
