import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import type { ProviderFile } from '../../manifest/manifest-file.ts'
import type { ProviderSettings } from '../../manifest/manifest.ts'
import { resolveModels, resolveProviders } from '../../manifest/resolve/providers.ts'
import type { NamedUse } from '../key-access.ts'
import {
  type GenerateOptions,
  mayBeBilled,
  type ProviderAnswer,
  type ProviderError,
} from '../provider.ts'
import { createCommandProvider } from './command.ts'
import { findCommand } from './find-command.ts'

const request = {
  operation: 'generate',
  prompt: 'A lighthouse',
  model: 'art',
  size: '640x480',
  quality: 'auto',
  background: 'auto',
  format: 'png',
} as const

/** Shell: writes a file that starts like a PNG. */
const PNG = String.raw`printf '\211PNG\r\n' >`
/** Shell: the folder of the request on standard input. */
const FOLDER = String.raw`folder=$(sed 's/.*"folder":"\([^"]*\)".*/\1/'); cd "$folder"`

type Opened = {
  root: string
  settings: ProviderSettings
  asked: NamedUse[]
  /** Runs the program once. */
  run(options?: GenerateOptions): Promise<ProviderAnswer>
  /** Returns the error that the program leads to. */
  fail(options?: GenerateOptions): Promise<ProviderError>
}

/** Creates a folder with a shell script, and the provider that runs it. */
function open(
  script: string,
  { entry = {}, env = {} }: { entry?: ProviderFile; env?: Record<string, string> } = {},
): Opened {
  const root = mkdtempSync(join(tmpdir(), 'limn-test-'))
  onTestFinished(() => rmSync(root, { recursive: true, force: true }))
  writeFileSync(join(root, 'draw.sh'), script)
  const providers = { art: { server: 'command' as const, command: ['sh', 'draw.sh'], ...entry } }
  const [settings] = resolveProviders({ provider: 'art', providers }, undefined)
  const models = resolveModels({ providers }, [settings!])
  const asked: NamedUse[] = []
  const requireConsent = async (use: NamedUse): Promise<void> => void asked.push(use)
  const run: Opened['run'] = async (options = {}) => {
    const context = { root, access: { env, requireConsent }, models }
    const provider = await createCommandProvider(settings!, context)
    return provider.generate(request, options)
  }
  const fail: Opened['fail'] = async (options) => {
    const error: unknown = await run(options).catch((thrown: unknown) => thrown)
    if (error instanceof Error) return error as ProviderError
    throw new Error('The program did not fail.')
  }
  return { root, settings: settings!, asked, run, fail }
}

const workFolders = (): string[] =>
  readdirSync(tmpdir()).filter((name) => name.startsWith('limn-command-'))

test('gives the program the request, and reads the pictures that it writes by name', async () => {
  const { root, run } = open(
    `cat > request.json; folder=$(sed 's/.*"folder":"\\([^"]*\\)".*/\\1/' request.json); cp $(sed 's/.*"path":"\\([^"]*\\)".*/\\1/' request.json) input; ${PNG} "$folder/10.png"; printf 'GIF89a' > "$folder/9.gif"; echo notes > "$folder/log.txt"; mkdir "$folder/steps"`,
    { entry: { body: { steps: 8 }, models: { art: { as: 'art-xl' } } } },
  )
  const inputs = [{ role: 'image' as const, bytes: Buffer.from('bytes'), format: 'png' as const }]
  const { images } = await run({ inputs, count: 2 })
  expect(images.map((each) => Buffer.from(each).toString('latin1'))).toEqual([
    'GIF89a',
    '\x89PNG\r\n',
  ])
  const {
    folder,
    inputs: read,
    ...rest
  } = JSON.parse(readFileSync(join(root, 'request.json'), 'utf8'))
  expect(rest).toEqual({
    protocol: 1,
    operation: 'generate',
    prompt: 'A lighthouse',
    model: 'art-xl',
    width: 640,
    height: 480,
    count: 2,
    quality: 'auto',
    background: 'auto',
    format: 'png',
    settings: {},
    body: { steps: 8 },
  })
  expect(read).toEqual([{ role: 'image', path: expect.stringMatching(/\/1-image\.png$/) }])
  expect(readFileSync(join(root, 'input'), 'utf8')).toBe('bytes')
  expect(existsSync(folder)).toBe(false)
})

test.each([
  ['writes nothing', '', /ended without writing a picture\.$/],
  [
    'writes only other files',
    `${FOLDER}; echo x > a.txt; echo y > b.bin`,
    /but 2 other files: a\.txt, b\.bin\.$/,
  ],
  ['writes a text as a picture', `${FOLDER}; echo no > a.png`, /a\.png, which is not a picture\.$/],
  ['writes an empty picture', `${FOLDER}; : > a.webp`, /a\.webp, which is not a picture\.$/],
  [
    'writes a web page as a picture',
    `${FOLDER}; echo '<html><svg>' > a.svg`,
    /a\.svg, which is not a picture\.$/,
  ],
  [
    'leaves a link that leads out',
    `${FOLDER}; ln -s /etc/hostname a.png`,
    /a\.png, which is a link and not a file\.$/,
  ],
  [
    'leaves a link to a picture',
    `${FOLDER}; ${PNG} x; ln -s x a.png`,
    /a\.png, which is a link and not a file\.$/,
  ],
  ['leaves a link in a circle', `${FOLDER}; ln -s a.png a.png`, /a\.png, which is a link/],
  ['leaves a FIFO', `${FOLDER}; mkfifo a.png`, /a\.png, which is a device and not a file\.$/],
  ['leaves a folder', `${FOLDER}; mkdir a.png`, /a\.png, which is a folder and not a file\.$/],
  [
    'writes too many pictures',
    `${FOLDER}; for i in $(seq 17); do ${PNG} $i.png; done`,
    /wrote 17 pictures, and the limit is 16\.$/,
  ],
  [
    'writes too many files',
    `${FOLDER}; for i in $(seq 120); do : > $i; done`,
    /wrote too much, and Limn stopped it\.$/,
  ],
  [
    'writes a huge file',
    `${FOLDER}; truncate -s 9G a.png; sleep 30`,
    /wrote too much, and Limn stopped it\.$/,
  ],
  [
    'writes a huge file deep down',
    `${FOLDER}; mkdir -p a/b; truncate -s 9G a/b/c; sleep 30`,
    /wrote too much/,
  ],
  [
    'removes its folder',
    `${FOLDER}; cd ..; rm -r "$folder"`,
    /removed the folder for its pictures\.$/,
  ],
  [
    'replaces its folder by a link',
    `${FOLDER}; cd ..; rm -r "$folder"; ln -s / "$folder"`,
    /removed the folder for its pictures\.$/,
  ],
  [
    'reports an error with exit code 0',
    'echo CUDA out of memory >&2',
    /without writing a picture: CUDA out of memory\.$/,
  ],
  [
    'reports an error on standard output',
    'echo "no model"; exit 0',
    /without writing a picture: no model\.$/,
  ],
  [
    'prints garbage',
    'head -c 300000 /dev/urandom; head -c 300000 /dev/urandom >&2',
    /without writing a picture\.$/,
  ],
])('fails for a program that %s', async (_, script, message) => {
  const before = workFolders()
  const error = await open(script).fail()
  expect(error).toMatchObject({
    code: 'provider/bad-answer',
    message: expect.stringMatching(message),
  })
  expect(error.retry).toBeUndefined()
  expect(mayBeBilled(error)).toBe(false)
  expect(workFolders().filter((name) => !before.includes(name))).toEqual([])
})

test.each([
  ['exit 1', 'provider/server', /failed with exit code 1\.$/, false],
  [
    'echo first >&2; echo "ValueError: no such sampler" >&2; exit 3',
    'provider/server',
    /code 3: first ValueError: no such sampler\.$/,
    false,
  ],
  [
    'echo "The prompt is empty." >&2; exit 65',
    'provider/refused',
    /rejects the request: The prompt is empty\.$/,
    false,
  ],
  ['echo busy >&2; exit 75', 'provider/server', /code 75: busy\.$/, true],
  ['kill -SEGV $$', 'provider/server', /was ended by SIGSEGV\.$/, false],
  [`${FOLDER}; ${PNG} a.png; exit 2`, 'provider/server', /exit code 2\.$/, false],
])('explains the end of %s', async (script, code, message, isRetried) => {
  const error = await open(script).fail()
  expect(error).toMatchObject({ code, message: expect.stringMatching(message) })
  expect(error.retry !== undefined).toBe(isRetried)
  expect(mayBeBilled(error)).toBe(false)
})

test.each([
  ['exit 1', true],
  ['sleep 30', true],
  ['kill -KILL $$', true],
  ['exit 0', true],
  [`${FOLDER}; truncate -s 9G a.png; sleep 30`, true],
  ['exit 75', false],
  ['exit 65', false],
])('counts %s of a program with a price as billed: %s', async (script, isBilled) => {
  const entry: ProviderFile = { timeout: 1, models: { art: { price: 0.05 } } }
  const error = await open(script, { entry }).fail()
  expect(mayBeBilled(error)).toBe(isBilled)
  expect(error.message.includes('may have been billed')).toBe(isBilled)
})

test('keeps the picture of a program with a price that fails afterwards', async () => {
  const script = `${FOLDER}; ${PNG} a.png; kill -SEGV $$`
  const paid = await open(script, { entry: { models: { art: { price: 0.05 } } } }).fail()
  expect(Buffer.from(paid.response!).toString('latin1')).toBe('\x89PNG\r\n')
  expect((await open(script).fail()).response).toBeUndefined()
})

test('stops a program and all that it started after the time limit', async () => {
  const { root, fail } = open(
    'trap "" TERM; (trap "" TERM; sleep 60; touch late) & echo $! > pid; sleep 60',
    { entry: { timeout: 1 } },
  )
  const error = await fail()
  expect(error).toMatchObject({
    code: 'provider/timeout',
    message: expect.stringMatching(/longer than 1 s/),
  })
  await expectDead(Number(readFileSync(join(root, 'pid'), 'utf8')))
})

test('stops a program when the run is stopped', async () => {
  const { root, fail } = open('echo $$ > pid; sleep 60')
  const stop = new AbortController()
  const failed = fail({ signal: stop.signal })
  await expect.poll(() => existsSync(join(root, 'pid'))).toBe(true)
  stop.abort()
  expect(await failed).toMatchObject({ code: 'aborted' })
  await expectDead(Number(readFileSync(join(root, 'pid'), 'utf8')))
  expect(await fail({ signal: AbortSignal.abort() })).toMatchObject({ code: 'aborted' })
})

test('kills what goes on after the program has ended, and reads nothing that it writes later', async () => {
  const { root, run } = open(
    `${FOLDER}; ${PNG} a.png; (sleep 60; ${PNG} b.png) & echo $! > "$OLDPWD/pid"`,
  )
  const { images } = await run()
  expect(images).toHaveLength(1)
  await expectDead(Number(readFileSync(join(root, 'pid'), 'utf8')))
})

test('does not wait for a process that left the group and holds the streams', async () => {
  const { root, run } = open(`${FOLDER}; ${PNG} a.png; setsid sleep 60 & echo $! > "$OLDPWD/pid"`)
  onTestFinished(
    () => void process.kill(Number(readFileSync(join(root, 'pid'), 'utf8')), 'SIGKILL'),
  )
  expect((await run()).images).toHaveLength(1)
})

test('ignores a program that reads nothing', async () => {
  const prompt = 'x'.repeat(1_000_000)
  const { settings, root } = open('exit 65')
  const access = { env: {}, requireConsent: async () => {} }
  const provider = await createCommandProvider(settings, { root, access, models: {} })
  await expect(provider.generate({ ...request, prompt }, {})).rejects.toMatchObject({
    code: 'provider/refused',
  })
})

test('passes on only the variables that the manifest names, and shows none of their values', async () => {
  const secret = 'hunter2-hunter2'
  const { root, fail } = open(
    'env > env.txt; echo "bad token $MY_API_KEY and ${MY_API_KEY}x" >&2; exit 1',
    {
      entry: { env: ['MY_API_KEY', 'NOT_SET'] },
      env: { MY_API_KEY: secret, OPENAI_API_KEY: 'sk-other', LIMN_TRUST: 'x' },
    },
  )
  const error = await fail()
  expect(error.message).toMatch(/code 1: bad token \[key\] and \[key\]x\.$/)
  const names = readFileSync(join(root, 'env.txt'), 'utf8')
    .split('\n')
    .map((line) => line.split('=')[0]!)
  expect(names).toContain('MY_API_KEY')
  expect(names).toContain('PATH')
  for (const name of ['OPENAI_API_KEY', 'LIMN_TRUST', 'NODE_OPTIONS', 'VITEST']) {
    expect(names).not.toContain(name)
  }
})

const digestOf = ({ settings, root }: Pick<Opened, 'settings' | 'root'>): string =>
  findCommand(settings, root).use.digest

test('asks again for another command line, variable or content of a file that the line names', () => {
  const same = open('exit 0')
  const start = digestOf(same)
  expect(digestOf(open('exit 0'))).toBe(start)
  const others = [
    open('exit 1'),
    open('exit 0', { entry: { command: ['sh', './draw.sh'] } }),
    open('exit 0', { entry: { command: ['sh', 'draw.sh', '--fast'] } }),
    open('exit 0', { entry: { env: ['HOME'] } }),
    open('exit 0', { entry: { command: ['dash', 'draw.sh'] } }),
  ].map(digestOf)
  expect(new Set([start, ...others]).size).toBe(others.length + 1)
  const flag = open('exit 0', { entry: { command: ['sh', '--script=draw.sh'] } })
  const before = digestOf(flag)
  writeFileSync(join(flag.root, 'draw.sh'), 'exit 4')
  expect(digestOf(flag)).not.toBe(before)
})

test('asks before each request, as the program may have changed', async () => {
  const { root, asked, run, settings } = open(`${FOLDER}; ${PNG} a.png`)
  await run()
  expect(asked).toHaveLength(2)
  writeFileSync(join(root, 'draw.sh'), `${FOLDER}; ${PNG} b.png`)
  await run()
  expect(new Set(asked.map((use) => use.kind === 'command' && use.digest)).size).toBe(2)
  expect(asked[0]).toMatchObject({
    provider: settings.name,
    line: ['sh', 'draw.sh'],
    variables: [],
  })
})

test.each([
  [
    ['no-such-program-anywhere'],
    /starts with "no-such-program-anywhere", but PATH has no such program\.$/,
  ],
  [['./missing.sh'], /but there is no such file that can be executed\.$/],
  [['./draw.sh'], /but there is no such file that can be executed\.$/],
  [['.'], /starts with "\.", but/],
])('does not find the program of %j', async (command, message) => {
  expect(await open('exit 0', { entry: { command } }).fail()).toMatchObject({
    code: 'command/not-found',
    message: expect.stringMatching(message),
  })
})

test('finds no program by its name in the project or in node_modules/.bin', () => {
  const { root, settings } = open('exit 0', { entry: { command: ['limn-own-tool'] } })
  const path = process.env['PATH']
  onTestFinished(() => {
    process.env['PATH'] = path
    rmSync(`${root}-other`, { recursive: true, force: true })
  })
  for (const folder of [
    'bin',
    'node_modules/.bin',
    `../${basename(root)}-other/node_modules/.bin`,
  ]) {
    mkdirSync(join(root, folder), { recursive: true })
    rmSync(join(root, folder, 'limn-own-tool'), { force: true })
    symlinkSync('/bin/true', join(root, folder, 'limn-own-tool'))
    for (const named of [join(root, folder), folder]) {
      process.env['PATH'] = `${named}:${path}`
      expect(() => findCommand(settings, root)).toThrow(/PATH has no such program/)
    }
  }
  const own = resolveProviders(
    { provider: 'art', providers: { art: { server: 'command', command: ['bin/limn-own-tool'] } } },
    undefined,
  )
  expect(findCommand(own[0]!, root).program).toBe(join(root, 'bin/limn-own-tool'))
})

test('explains a file that is no program', async () => {
  const { root, fail } = open('exit 0', { entry: { command: ['./broken'] } })
  writeFileSync(join(root, 'broken'), '#!/no/such/interpreter\n', { mode: 0o755 })
  expect(await fail()).toMatchObject({
    code: 'command/not-found',
    message: expect.stringMatching(/^The program of "art" can't be started: /),
  })
})

async function expectDead(pid: number): Promise<void> {
  const isAlive = (): boolean => {
    try {
      return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'))
    } catch {
      return false
    }
  }
  await expect.poll(isAlive).toBe(false)
}
