import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { createTestProject, type TestProject } from './test-project.ts'

const pkg = (dependencies: Record<string, string>, more = {}): string =>
  `${JSON.stringify({ name: 'app', type: 'module', scripts: { build: 'vite build' }, ...more, devDependencies: { '@limn/vite-plugin': '*', ...dependencies } }, null, 2)}\n`
const config = 'export default {\n  plugins: [],\n}\n'

const reactTs = {
  'package.json': pkg({ vite: '^8.0.0', '@vitejs/plugin-react': '^6.0.0' }),
  'package-lock.json': '{}',
  'index.html': '<div id="root"></div>',
  'vite.config.ts':
    "import react from '@vitejs/plugin-react'\nimport { defineConfig } from 'vite'\n\nexport default defineConfig({\n  plugins: [react()],\n})\n",
  'tsconfig.json': '{ "files": [], "references": [] }',
  'tsconfig.app.json': '{\n  "compilerOptions": {},\n  // mine\n  "include": ["src"]\n}\n',
  '.gitignore': 'node_modules\ndist\n',
}

function git(project: TestProject, ...args: string[]): string {
  const { stdout } = spawnSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@b.c', ...args], {
    cwd: project.root,
    encoding: 'utf8',
  })
  return stdout
}

async function committed(files: Readonly<Record<string, string>>): Promise<TestProject> {
  const project = await createTestProject({ files })
  git(project, 'init', '-q')
  git(project, 'add', '-A')
  git(project, 'commit', '-qm', 'start')
  return project
}

describe('limn init', () => {
  it('sets up a project, changes nothing a second time, and undoes everything', async () => {
    const project = await committed(reactTs)
    const { cli, text: read, root } = project
    const dry = await cli(['init', '--dry-run', '--ci'])
    expect(dry.stdout).toContain('Found Vite and React, TypeScript, npm, git.')
    expect(dry.stdout).toContain('+  plugins: [react(), limn()],')
    expect(git(project, 'status', '--porcelain')).toBe('')

    expect(await cli(['init'])).toMatchObject({ code: 1, stdout: expect.any(String) })
    expect(git(project, 'status', '--porcelain')).toBe('')

    const done = await cli(['init', '--yes', '--ci'])
    expect(done).toMatchObject({ code: 0, stderr: '' })
    expect(done.stdout).toContain('`limn init --undo`')
    expect(git(project, 'status', '--porcelain', '-uall').split('\n').sort()).toEqual(
      [
        '',
        ' M .gitignore',
        ' M package.json',
        ' M vite.config.ts',
        '?? .gitattributes',
        '?? .github/workflows/limn.yml',
        '?? images.yaml',
        '?? src/limn.d.ts',
      ].sort(),
    )
    expect(
      git(project, 'diff', '-U0')
        .split('\n')
        .filter((line) => /^[+-](?![+-])/.test(line)),
    ).toEqual([
      '+',
      '+# Limn: received pictures and the history of this machine',
      '+.limn/',
      '-    "build": "vite build"',
      '+    "build": "vite build",',
      '+    "pictures": "limn generate",',
      '+    "pictures:check": "limn check"',
      "+import limn from '@limn/vite-plugin'",
      '-  plugins: [react()],',
      '+  plugins: [react(), limn()],',
    ])
    expect(read('.github/workflows/limn.yml')).toContain('npx limn check')

    const before = git(project, 'status', '--porcelain', '-uall')
    expect((await cli(['init', '--yes', '--ci'])).stdout).toContain('nothing was changed')
    expect(git(project, 'status', '--porcelain', '-uall')).toBe(before)

    await cli(['generate'])
    expect(await cli(['init', '--undo', '--yes'])).toMatchObject({ code: 0, stderr: '' })
    expect(git(project, 'status', '--porcelain', '-uall')).toBe('')
    expect(existsSync(join(root, '.limn/removed/1/images/hero.png'))).toBe(true)
    expect((await cli(['init', '--undo', '--yes'])).stdout).toContain('nothing to undo')
  })

  const line =
    '- Pictures are generated with Limn: follow node_modules/@limn/core/skills/limn/SKILL.md, and never edit images.lock or images/ by hand.'

  it.each([
    ['a text', '# Agents\n\nBe kind.\n', `# Agents\n\nBe kind.\n\n${line}\n`],
    ['a list', '# Agents\n\n- Be kind.\n', `# Agents\n\n- Be kind.\n${line}\n`],
    ['no line break at its end', 'Be kind.', `Be kind.\n\n${line}\n`],
    ['line breaks of Windows', 'Be kind.\r\n', `Be kind.\r\n\r\n${line}\r\n`],
    ['nothing', '', `${line}\n`],
    ['the line', `Mine: see node_modules/@limn/core/skills/limn/SKILL.md\n`, undefined],
  ])(
    'adds the line for coding agents to an AGENTS.md with %s, and removes it',
    async (_, text, after) => {
      const project = await createTestProject({
        files: { 'package.json': '{}\n', 'AGENTS.md': text },
      })
      const { stdout } = await project.cli(['init', '--yes'])
      expect(stdout.includes('+++ b/AGENTS.md')).toBe(after !== undefined)
      expect(project.text('AGENTS.md')).toBe(after ?? text)
      expect((await project.cli(['init', '--yes'])).stdout).toContain('nothing was changed')
      await project.cli(['init', '--undo', '--yes'])
      expect(project.text('AGENTS.md')).toBe(text)
    },
  )

  it('creates AGENTS.md only with --agents', async () => {
    const project = await createTestProject({ files: { 'package.json': '{}\n' } })
    await project.cli(['init', '--yes'])
    expect(project.list()).not.toContain('AGENTS.md')
    await project.cli(['init', '--yes', '--agents'])
    expect(project.text('AGENTS.md')).toBe(`${line}\n`)
    await project.cli(['init', '--undo', '--yes'])
    expect(project.list()).toEqual(['package.json'])
  })

  it('leaves no folder behind if nothing was generated', async () => {
    const project = await createTestProject()
    await project.cli(['init'])
    await project.cli(['init', '--undo', '--yes'])
    expect(project.list()).toEqual([])
    expect(existsSync(join(project.root, '.limn'))).toBe(false)
  })

  it('keeps what a person changed since', async () => {
    const project = await committed(reactTs)
    await project.cli(['init', '-y'])
    project.write('vite.config.ts', `${project.text('vite.config.ts')}// mine\n`)
    const { code, stderr } = await project.cli(['init', '--undo', '-y'])
    expect(code).toBe(1)
    expect(stderr).toContain('vite.config.ts has changed since')
    expect(project.text('vite.config.ts')).toContain('// mine')
    expect(git(project, 'status', '--porcelain', '-uall')).toBe(' M vite.config.ts\n')
  })

  it('never touches a manifest that exists', async () => {
    const project = await createTestProject({ files: { 'images.yaml': 'mine' } })
    expect((await project.cli(['init'])).stdout).toContain('nothing was changed')
    expect(project.text('images.yaml')).toBe('mine')
  })

  it('undoes several runs back to the first', async () => {
    const project = await committed({ 'package.json': pkg({ vite: '8' }), 'index.html': '' })
    await project.cli(['init', '-y'])
    await project.cli(['init', '-y', '--ci'])
    await project.cli(['init', '--undo', '-y'])
    expect(git(project, 'status', '--porcelain', '-uall')).toBe('')
  })

  it('writes nothing if one file cannot be written', async () => {
    const project = await committed(reactTs)
    symlinkSync('/tmp', join(project.root, '.github'))
    const { code } = await project.cli(['init', '-y', '--ci'])
    expect(code).toBe(1)
    expect(git(project, 'status', '--porcelain', '-uall')).toBe('?? .github\n')
  })

  it.each([
    [
      'Astro',
      { 'package.json': pkg({ astro: '^7' }), 'astro.config.mjs': 'export default {}\n' },
      'astro.config.mjs',
      'export default { vite: { plugins: [limn()] } }',
    ],
    [
      'Nuxt',
      {
        'package.json': pkg({ nuxt: '^4.0.0' }),
        'nuxt.config.ts': 'export default defineNuxtConfig({})\n',
        'app/app.vue': '',
      },
      'nuxt.config.ts',
      "vite: { plugins: [limn({ manifest: '../images.yaml' })] }",
    ],
    [
      'Nuxt',
      {
        'package.json': pkg({ nuxt: '^3.9.0' }),
        'nuxt.config.ts': 'export default defineNuxtConfig({})\n',
        'app/x': '',
      },
      'nuxt.config.ts',
      '[limn()]',
    ],
    [
      'SvelteKit',
      { 'package.json': pkg({ '@sveltejs/kit': '3', vite: '8' }), 'vite.config.ts': config },
      'vite.config.ts',
      '[limn()]',
    ],
    [
      'React Router',
      { 'package.json': pkg({ '@react-router/dev': '8', vite: '8' }), 'vite.config.ts': config },
      'vite.config.ts',
      '[limn()]',
    ],
    [
      'Vite and Lit',
      {
        'package.json': pkg({ lit: '3', vite: '8' }),
        'index.html': '',
        'tsconfig.json': '{ "include": ["src"] }',
      },
      'vite.config.ts',
      '[limn()]',
    ],
    [
      'Vite',
      { 'package.json': pkg({ vite: '8' }), 'index.html': '' },
      'vite.config.js',
      '[limn()]',
    ],
    [
      'Vite',
      { 'package.json': pkg({ vite: '8' }, { type: 'commonjs' }), 'index.html': '' },
      'vite.config.mjs',
      '[limn()]',
    ],
    [
      'Vite',
      {
        'package.json': pkg({ vite: '8' }, { scripts: { dev: 'vite --config web.config.ts' } }),
        'web.config.ts': config,
      },
      'web.config.ts',
      '[limn()]',
      1,
    ],
  ])('adds the plugin to %s: %j', async (name, files, path, expected, skip = 0) => {
    const project = await createTestProject({
      files: skip === 1 ? { ...files, 'index.html': '' } : (files as Record<string, string>),
    })
    const { stdout, code } = await project.cli(['init', '-y'])
    expect(code).toBe(0)
    expect(stdout).toContain(`Found ${name}`)
    expect(project.text(path)).toContain(expected)
    expect((await project.cli(['init', '-y'])).stdout).toContain('nothing was changed')
  })

  it.each([
    [
      'an old Vite',
      { 'package.json': pkg({ vite: '^5.1.0' }), 'vite.config.ts': config },
      'requires Vite 7 or 8',
    ],
    [
      'a config that comes from elsewhere',
      {
        'package.json': pkg({ vite: '8' }),
        'vite.config.ts': "import c from './c'\nexport default c\n",
      },
      '`c` comes from elsewhere',
    ],
    [
      'tests with Vite only',
      { 'package.json': pkg({ vite: '8', next: '16' }) },
      'does not use Vite',
    ],
    [
      'the root of a workspace',
      { 'package.json': '{}', 'pnpm-workspace.yaml': '', 'apps/web/vite.config.ts': config },
      '`limn init -C apps/web`',
    ],
    [
      'pictures',
      { 'public/a.png': '', 'public/b.JPG': '', 'src/c.webp': '' },
      'public contains 2 pictures.',
    ],
    ['a key', { '.env': 'OPENAI_API_KEY=sk-test-secret\n' }, '.env contains OPENAI_API_KEY.'],
  ])('says what it leaves to people: %s', async (_name, files, expected) => {
    const project = await createTestProject({ files: files as Record<string, string> })
    const before = 'vite.config.ts' in files ? project.text('vite.config.ts') : undefined
    const { stdout, code } = await project.cli(['init', '-y'])
    expect(code).toBe(0)
    expect(stdout).toContain(expected)
    expect(stdout).not.toContain('secret')
    if (before !== undefined) expect(project.text('vite.config.ts')).toBe(before)
    expect(project.text('images.yaml')).toContain('version: 1')
  })

  it.each([
    [{ 'pnpm-lock.yaml': '' }, {}, 'pnpm'],
    [{ 'yarn.lock': '' }, {}, 'yarn'],
    [{ 'bun.lock': '' }, {}, 'bun'],
    [{}, { npm_config_user_agent: 'pnpm/12.0.0 node/v26' }, 'pnpm'],
    [{}, {}, 'npm'],
  ])('finds the package manager of %j with %j: %s', async (files, env, expected) => {
    const project = await createTestProject({
      files: { ...(files as object), 'package.json': '{}' },
    })
    expect(
      (await project.cli(['init', '--dry-run'], env as Record<string, string>)).stdout,
    ).toContain(`Found ${expected}.`)
  })

  it('writes the workflow of a package into its repository', async () => {
    const project = await committed({
      'pnpm-lock.yaml': '',
      'apps/web/package.json': pkg({ vite: '8' }),
      'apps/web/vite.config.ts': config,
    })
    await project.cli(['init', '-C', 'apps/web', '-y', '--ci'])
    expect(project.text('.github/workflows/limn-apps-web.yml')).toMatch(
      /pnpm exec limn check.*\n +working-directory: "apps\/web"/,
    )
    await project.cli(['init', '-C', 'apps/web', '--undo', '-y'])
    expect(git(project, 'status', '--porcelain', '-uall')).toBe('')
  })

  it.each([
    ['["src", "vite.config.ts"]', '["src", "vite.config.ts", "limn.d.ts"]'],
    ['["**/*"]', '["**/*"]'],
    ['["src/**/*.ts"]', '["src/**/*.ts"]'],
    ['["./app"]', '["./app", "limn.d.ts"]'],
  ])('makes a tsconfig that includes %s cover the types', async (before, after) => {
    const project = await createTestProject({
      files: {
        'package.json': pkg({ vite: '8' }),
        'vite.config.ts': config,
        'tsconfig.json': `{\n  // mine\n  "include": ${before}\n}\n`,
      },
    })
    await project.cli(['init', '-y'])
    expect(project.text('tsconfig.json')).toBe(`{\n  // mine\n  "include": ${after}\n}\n`)
  })

  it.each([
    ['a file outside of the project', { path: '../victim.txt', isInRepository: false }],
    ['a file of the repository', { path: 'victim.txt', isInRepository: true }],
    ['an absolute path', { path: '/tmp/victim.txt', isInRepository: false }],
    ['no record', 'x'],
  ])('undoes nothing that a hostile record names: %s', async (_name, entry) => {
    const project = await createTestProject()
    project.write('victim.txt', 'safe')
    project.write('site/images.yaml', 'version: 1\n')
    git(project, 'init', '-q')
    const digest = createHash('sha256').update('safe').digest('hex')
    const file = typeof entry === 'string' ? entry : { ...entry, before: 'evil', after: digest }
    project.write('site/.limn/init.json', JSON.stringify({ version: 1, files: [file] }))
    await project.cli(['init', '-C', 'site', '--undo', '-y'])
    expect(project.text('victim.txt')).toBe('safe')
  })

  it('undoes what an interrupted run has written', async () => {
    const project = await committed(reactTs)
    await project.cli(['init', '-y'])
    // As if the process had ended before it wrote the config.
    project.write('vite.config.ts', reactTs['vite.config.ts'])
    await project.cli(['init', '--undo', '-y'])
    expect(git(project, 'status', '--porcelain', '-uall')).toBe('')
  })
})
