import { readFileSync, rmSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { type ImageServer, startImageServer } from '../../../fixtures/openai-server/index.ts'
import { openProject } from '../src/index.ts'
import { atTerminal } from './at-terminal.ts'
import { createTestProject, KEY, smallManifest, type TestProject } from './test-project.ts'

async function imageServer(): Promise<ImageServer> {
  const server = await startImageServer()
  onTestFinished(() => server.close())
  return server
}

/** Creates a project whose manifest has these providers, and whose user has agreed to nothing. */
function open(
  providers: string,
  env: Record<string, string>,
  { provider = 'mine', files = {} }: { provider?: string; files?: Record<string, string> } = {},
): Promise<TestProject> {
  const head = `provider: ${provider}\nproviders:\n${providers.replace(/^/gm, '  ')}`
  const manifest = smallManifest({ hero: 'A lighthouse' }, head).replace(
    'defaults: {',
    'defaults: { model: gpt-image-2, size: 1024x1024,',
  )
  return createTestProject({ files: { 'images.yaml': manifest, ...files }, env, trust: '' })
}

const shown = ({ authorization }: Record<string, unknown>): string => String(authorization)

test.each([
  ['SHOP_API_KEY', (url: string) => `mine: { baseURL: '${url}', key: SHOP_API_KEY }`],
  [
    'MAIL_API_TOKEN',
    (url: string) => `mine: { server: new-api, baseURL: '${url}', key: MAIL_API_TOKEN }`,
  ],
  ['MINE_API_KEY', (url: string) => `mine: { server: azure, baseURL: '${url}' }`],
  ['LOCALAI_API_KEY', (url: string) => `mine: { server: localai, baseURL: '${url}' }`],
])('sends %s nowhere until the user agrees', async (variable, entry) => {
  const server = await imageServer()
  const project = await open(entry(server.baseURL), { [variable]: KEY })
  const host = new URL(server.baseURL).host
  for (const args of [['generate'], ['doctor'], ['plan'], ['check'], ['list']]) {
    const { stdout, stderr } = await project.cli(args)
    project.expectNoKey(stdout, stderr)
  }
  expect(server.requests).toEqual([])
  const refused = await project.cli(['generate'])
  expect(refused.code).toBe(1)
  expect(refused.stderr).toContain(
    `Error: The provider "mine" would send ${variable} to ${host}, and you have not agreed to that.\n  → Run \`limn trust grant ${variable}@${host}\` if you trust it; in CI, set LIMN_TRUST=${variable}@${host}.\n  images.yaml:4:`,
  )
  const doctor = await project.cli(['doctor'])
  expect(doctor.code).toBe(1)
  expect(doctor.stdout).toMatch(/✗ key {2}images\.yaml:4:\d+: The provider "mine" would send/)
})

test('does not send the key of another service to a known one', async () => {
  const project = await open(
    'openai: { key: SHOP_API_KEY }',
    { SHOP_API_KEY: KEY },
    { provider: 'openai' },
  )
  expect((await project.cli(['generate'])).stderr).toContain(
    'would send SHOP_API_KEY to api.openai.com',
  )
  const server = await imageServer()
  const { stderr } = await project.cli(['generate'], { OPENAI_BASE_URL: server.baseURL })
  expect(stderr).toContain(`would send SHOP_API_KEY to ${new URL(server.baseURL).host}`)
  expect(server.requests).toEqual([])
})

test('grants, lists and revokes for one project, outside of it', async () => {
  const server = await imageServer()
  const entry = `mine: { baseURL: '${server.baseURL}', key: SHOP_API_KEY }`
  const project = await open(entry, { SHOP_API_KEY: KEY })
  const grant = `SHOP_API_KEY@${new URL(server.baseURL).host}`
  expect((await project.cli(['trust'])).stdout).toBe(
    `Nothing is granted: keys go only to their own services.\n\n✗ images.yaml:4:20 needs ${grant}: run \`limn trust grant ${grant}\` if you trust it.\n`,
  )
  expect(await project.cli(['trust', 'grant', grant])).toMatchObject({
    code: 0,
    stdout: `Granted: ${grant}.\n`,
  })
  expect((await project.cli(['trust'], { LIMN_TRUST: 'limn.config.ts' })).stdout).toBe(
    `${grant}\nlimn.config.ts, from LIMN_TRUST\n\n✓ images.yaml:4:20 needs ${grant}: granted.\n`,
  )
  expect(project.list()).not.toContain('trust.json')
  expect(
    JSON.parse(readFileSync(join(project.env['HOME']!, '.config/limn/trust.json'), 'utf8')),
  ).toEqual({ version: 1, projects: { [project.root]: [grant] } })

  expect((await project.cli(['generate'])).code).toBe(0)
  expect(server.requests.map(({ headers }) => shown(headers))).toEqual([`Bearer …${KEY.slice(-4)}`])
  const other = await open(entry, { SHOP_API_KEY: KEY })
  const elsewhere = await other.cli(['generate'], { HOME: project.env['HOME']! })
  expect(elsewhere.stderr).toContain('you have not agreed')
  expect(server.requests).toHaveLength(1)

  expect((await project.cli(['trust', 'revoke', grant])).stdout).toBe(`Revoked: ${grant}.\n`)
  expect(await project.cli(['trust', 'revoke', grant])).toMatchObject({ code: 1, stdout: '' })
  expect((await project.cli(['generate', '--force', 'hero'])).stderr).toContain('not agreed')
  expect(server.requests).toHaveLength(1)
})

test('knows a project by its real path', async () => {
  const server = await imageServer()
  const project = await open(`mine: { baseURL: '${server.baseURL}', key: SHOP_API_KEY }`, {
    SHOP_API_KEY: KEY,
  })
  const link = join(project.env['HOME']!, 'link')
  await project.cli(['trust', 'grant', 'SHOP_API_KEY@127.0.0.1'])
  symlinkSync(project.root, link)
  expect((await project.cli(['-C', link, 'trust'])).stdout).toMatch(/^SHOP_API_KEY@127.0.0.1\n/)
  expect((await project.cli(['-C', link, 'generate'])).code).toBe(0)
})

test.each([
  ['SHOP_API_KEY'],
  ['SHOP_API_KEY@*.azure-api.net'],
  ['SHOP_API_KEY@https://relay.example/v1'],
  ['sk-0123456789@relay.example'],
])('rejects %s as a grant', async (grant) => {
  const project = await open("mine: { baseURL: 'https://relay.example/v1' }", {})
  const { code, stderr } = await project.cli(['trust', 'grant', grant])
  expect(code).toBe(1)
  expect(stderr).toContain(
    'is neither VARIABLE@host nor remote@URL nor command@DIGEST nor limn.config.ts',
  )
})

test.each(['command@', 'command@49eb45998b04', `command@${'a'.repeat(64)}:`])(
  'says where the whole grant of a command is: %s',
  async (grant) => {
    const project = await open("mine: { baseURL: 'https://relay.example/v1' }", {})
    expect((await project.cli(['trust', 'grant', grant])).stderr).toContain(
      'Run `limn trust`, and copy',
    )
  },
)

test('accepts LIMN_TRUST for a host, and for one port of it', async () => {
  const server = await imageServer()
  const { host, port } = new URL(server.baseURL)
  const project = await open(`mine: { baseURL: '${server.baseURL}' }`, { MINE_API_KEY: KEY })
  const failsWith = async (trust: string): Promise<void> => {
    const { code, stderr } = await project.cli(['generate'], { LIMN_TRUST: trust })
    expect([code, stderr], trust).toEqual([1, expect.stringContaining('not agreed')])
  }
  await failsWith(`MINE_API_KEY@localhost:${port}`)
  await failsWith('MINE_API_KEY@127.0.0.1:1')
  await failsWith(`OTHER_API_KEY@${host}`)
  await failsWith('*@*')
  project.write('.env', `LIMN_TRUST=MINE_API_KEY@127.0.0.1\n`)
  const child = await project.cli(['generate', '--json'], { LIMN_TRUST: '' })
  expect(child.stdout).toContain('"code":"provider/no-consent"')
  expect(server.requests).toEqual([])
  const good = await project.cli(['generate'], {
    LIMN_TRUST: `A_API_KEY@b.example,MINE_API_KEY@${host}`,
  })
  expect(good.code, good.stderr).toBe(0)
})

test('asks once at a terminal, and remembers a yes', async () => {
  const server = await imageServer()
  const project = await open(`mine: { baseURL: '${server.baseURL}' }`, { MINE_API_KEY: KEY })
  const { host } = new URL(server.baseURL)
  const no = await atTerminal(project, ['generate'], 'n')
  expect(no.code).toBe(1)
  expect(no.stderr).toMatch(/images\.yaml:4:\d+: The provider "mine" would send MINE_API_KEY to /)
  expect(no.stderr.match(/\[y\/N\]/g)).toHaveLength(1)
  expect(server.requests).toEqual([])
  const yes = await atTerminal(project, ['generate'], 'y')
  expect(yes.code, yes.stderr).toBe(0)
  expect(yes.stderr).toContain(`Trust MINE_API_KEY@${host} in this project from now on? [y/N]`)
  expect(server.requests).toHaveLength(1)
  const again = await atTerminal(project, ['generate', '--force', 'hero'], 'n')
  expect(again.code, again.stderr).toBe(0)
  expect(again.stderr).not.toContain('[y/N]')
  expect((await project.cli(['generate', '--force', 'hero'])).code).toBe(0)
})

test('passes over a provider without consent in a failover', async () => {
  const [a, b] = [await imageServer(), await imageServer()]
  const project = await open(
    `a: { baseURL: '${a.baseURL}' }\nb: { baseURL: '${b.baseURL}' }`,
    { A_API_KEY: KEY, B_API_KEY: KEY },
    { provider: '[a, b]' },
  )
  const { code, stdout, stderr } = await project.cli(['generate'], {
    LIMN_TRUST: `B_API_KEY@${new URL(b.baseURL).host}`,
  })
  expect(code, stderr).toBe(0)
  expect(stdout + stderr).toContain('would send A_API_KEY to')
  expect([a.requests.length, b.requests.length]).toEqual([0, 1])
})

test('takes a key and its base URL from one .env file, but not from two', async () => {
  const server = await imageServer()
  const url = `OPENAI_BASE_URL=${server.baseURL}\n`
  const project = await createTestProject({
    files: {
      'images.yaml': smallManifest({ hero: 'A lighthouse' }),
      '.env': url,
      '.env.local': `OPENAI_API_KEY=${KEY}\n`,
    },
    trust: '',
  })
  const refused = await project.cli(['generate'])
  expect(refused.stderr).toContain('would send OPENAI_API_KEY to')
  expect(refused.stderr).toContain('\n  .env:1\n')
  expect(server.requests).toEqual([])
  project.write('.env.local', `OPENAI_API_KEY=${KEY}\n${url}`)
  expect((await project.cli(['generate'])).code).toBe(0)
  expect(server.requests).toHaveLength(1)
})

test('sends a request without a key without consent', async () => {
  const server = await imageServer()
  const project = await open(`mine: { server: localai, baseURL: '${server.baseURL}' }`, {})
  await project.cli(['generate'])
  expect(server.requests.length).toBeGreaterThan(0)
})

test('contacts no host outside this machine in free work', async () => {
  const models = 'models: { gpt-image-2: { price: 0 } }'
  const remote = await open(
    `mine: { server: localai, baseURL: 'http://10.255.255.1/v1', ${models} }`,
    {},
  )
  expect(await remote.project.generate({ freeOnly: true })).toMatchObject({
    generated: 0,
    failed: [],
  })
  const failover = await open(
    `a: { server: localai, baseURL: 'http://127.0.0.1:9/v1', ${models} }\nb: { server: localai, baseURL: 'http://10.255.255.1/v1' }`,
    {},
    { provider: '[a, b]' },
  )
  expect(await failover.project.generate({ freeOnly: true })).toMatchObject({
    generated: 0,
    failed: [],
  })
  const server = await imageServer()
  const near = await open(`mine: { server: localai, baseURL: '${server.baseURL}', ${models} }`, {})
  await near.project.generate({ freeOnly: true })
  expect(server.requests.length).toBeGreaterThan(0)
})

test.each(['limn.config.ts', 'limn.config.mjs', 'limn.config.js'])(
  'does not run %s until the user agrees, and never to plan',
  async (name) => {
    const project = await open(
      'mine: { server: ai-sdk, models: { gpt-image-2: { price: 0 } } }',
      {},
      {
        files: {
          [name]: `import { writeFileSync } from 'node:fs'\nwriteFileSync('ran.txt', '')\nexport default {}\n`,
        },
      },
    )
    for (const command of ['doctor', 'plan', 'check', 'list', 'generate']) {
      await project.cliProcess([command])
    }
    await openProject({ cwd: project.root, env: { LIMN_TRUST: 'limn.config.ts' } }).generate({
      freeOnly: true,
    })
    expect(project.has('ran.txt')).toBe(false)
    const { stderr } = await project.cliProcess(['generate'])
    expect(stderr).toContain(`Error: ${name} is a program of this project, and you have not agreed`)
    expect(stderr).toContain('Run `limn trust grant limn.config.ts` if you trust it')
    await project.cli(['trust', 'grant', 'limn.config.ts'])
    await project.cli(['doctor'])
    expect(project.has('ran.txt')).toBe(false)
    await project.cliProcess(['generate'])
    expect(project.has('ran.txt')).toBe(true)
  },
)

test('reports a damaged file of grants, and names the manifest in the command', async () => {
  const server = await imageServer()
  const project = await createTestProject({
    files: {
      'shop/images.yaml': `version: 1\nprovider: mine\nproviders: { mine: { baseURL: '${server.baseURL}' } }\nassets: { hero: { prompt: A sea, alt: x } }\n`,
    },
    env: { MINE_API_KEY: KEY },
    trust: '',
  })
  const host = new URL(server.baseURL).host
  expect((await project.cli(['generate', '-m', 'shop/images.yaml'])).stderr).toContain(
    `\`limn trust grant MINE_API_KEY@${host} -m shop/images.yaml\``,
  )
  project.write(
    `../${project.root.split('/').at(-1)}-home/.config/limn/trust.json`,
    '{"version":2}',
  )
  expect((await project.cli(['generate', '-m', 'shop/images.yaml'])).stderr).toContain(
    'trust.json is damaged or written by a newer Limn.',
  )
  expect(server.requests).toEqual([])
})

test.each([
  [
    'programs and servers',
    `a: { server: ai-sdk, models: { gpt-image-2: { price: 0 } } }\nb: { baseURL: 'https://b.example/v1', key: SHOP_API_KEY }`,
    '[a, b]',
    { 'limn.config.mjs': 'export default {}\n' },
    [
      ['limn.config.ts', 'limn.config.mjs:1'],
      ['SHOP_API_KEY@b.example', expect.stringMatching(/^images\.yaml:5:\d+$/)],
    ],
  ],
  ['nothing for the own service of a key', 'x: { server: together }', 'x', {}, []],
  [
    'nothing for a server whose key is optional',
    `x: { server: localai, baseURL: 'http://127.0.0.1:9/v1' }`,
    'x',
    {},
    [],
  ],
  [
    'nothing for a missing program',
    'x: { server: ai-sdk, models: { gpt-image-2: { price: 0 } } }',
    'x',
    {},
    [],
  ],
])('lists as needed %s', async (_, providers, provider, files, needs) => {
  const { project } = await open(providers, {}, { provider, files })
  expect(await project.trustNeeds()).toEqual(
    needs.map(([grant, location]) => ({ grant, isGranted: false, location })),
  )
})

test('lists grants without a manifest, and with one that has mistakes', async () => {
  const project = await open('mine: { baseURL: 1 }', {})
  await project.cli(['trust', 'grant', 'SHOP_API_KEY@127.0.0.1'])
  expect(await project.cli(['trust'])).toEqual({
    code: 0,
    stdout: 'SHOP_API_KEY@127.0.0.1\n',
    stderr: 'The manifest has mistakes, which `limn plan` shows: what it needs is unknown.\n',
  })
  rmSync(join(project.root, 'images.yaml'))
  expect(await project.cli(['trust'])).toMatchObject({ code: 0, stderr: '' })
})

test.each([
  ['shop', 'images.yaml', ' -C shop'],
  ["it's a shop", 'images.yaml', " -C 'it'\\''s a shop'"],
  ['shop', 'other $(x).yaml', " -C shop -m 'other $(x).yaml'"],
])(
  'names the folder %s and the manifest %s in the commands of hints',
  async (folder, name, options) => {
    const project = await createTestProject({
      files: {
        [`${folder}/${name}`]: `version: 1\nprovider: mine\nproviders: { mine: { baseURL: 'https://b.example' } }\nassets: { hero: { prompt: A sea, alt: x } }\n`,
      },
      env: { MINE_API_KEY: KEY },
      trust: '',
    })
    const where = ['-C', folder, ...(name === 'images.yaml' ? [] : ['-m', name])]
    const command = `\`limn trust grant MINE_API_KEY@b.example${options}\``
    expect((await project.cli([...where, 'generate'])).stderr).toContain(`Run ${command}`)
    expect((await project.cli([...where, 'trust'])).stdout).toContain(`run ${command}`)
    rmSync(join(project.root, folder, name))
    expect((await project.cli([...where, 'plan'])).stderr).toContain(`Run \`limn init${options}\``)
  },
)
