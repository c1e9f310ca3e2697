import { defineConfig, type OxlintOverride } from 'oxlint'

/**
 * The folders and root files of a package's `src`, from the outermost to the innermost. A file
 * imports only from its own folder and from those below it in this list; type imports count.
 */
export const layers = {
  core: [
    'index',
    'for-vite',
    'cli',
    'project',
    'queue',
    'run',
    'remote',
    'limits',
    'judge',
    'providers',
    'derive',
    'examine',
    'store',
    'history',
    'events',
    'plan',
    'lock',
    'pictures',
    'identity',
    'manifest',
    'cache',
    'debug',
    'version',
    'git',
    'disk',
    'program-file',
    'models',
    'config',
    'diagnostic',
    'errors',
    'digest',
    'did-you-mean',
    'count',
    'command-name',
    'is-object',
    'safe-text',
    'require-node',
    'node-version',
  ],
  'vite-plugin': [
    'index',
    'plugins',
    'dev',
    'html',
    'styles',
    'modules',
    'build',
    'references',
    'errors',
    'context-registry',
    'context',
    'log',
    'options',
    'client',
  ],
  painter: [
    'index',
    'compose',
    'sheet',
    'painters',
    'paint',
    'finish',
    'effects',
    'scene',
    'text',
    'raster',
  ],
  'contact-sheet': ['index', 'page', 'page-html', 'picture-path', 'protocol'],
  'contact-sheet/page': [
    'main',
    'shell',
    'asset',
    'grid',
    'run',
    'costs',
    'actions',
    'viewer',
    'diff',
    'controls',
    'store',
    'text',
    'connection',
    'valid-language',
    'page',
  ],
} as const

/** Returns the folder of a package's sources, or of a part of them: `contact-sheet/page`. */
export function folderOf(name: string): string {
  const [pkg = '', ...parts] = name.split('/')
  return ['packages', pkg, 'src', ...parts].join('/')
}

/** The deepest folder below `src`, counted in folders. */
const DEEPEST = 3

const tests = ['**/*.test.ts', '**/testing.ts']

/** Functions of `node:fs` that write, rename or delete, without the `Sync` of their other form. */
const fileChanges = [
  'appendFile',
  'chmod',
  'chown',
  'copyFile',
  'cp',
  'createWriteStream',
  'fchmod',
  'fchown',
  'ftruncate',
  'futimes',
  'lchown',
  'link',
  'lutimes',
  'mkdir',
  'mkdtemp',
  'open',
  'promises',
  'rename',
  'rm',
  'rmdir',
  'symlink',
  'truncate',
  'unlink',
  'utimes',
  'write',
  'writeFile',
  'writev',
]
/** Functions of `node:fs` that read a file or list a folder. */
const fileReads = ['createReadStream', 'openAsBlob', 'opendir', 'read', 'readFile', 'readdir']

/** Names of a module that may not be imported. */
type ForbiddenNames = { name: string; importNames: string[]; message: string }

/** Forbids functions of `node:fs`, and its import as a whole, which would give access to them. */
function withoutFileFunctions(names: readonly string[], message: string): ForbiddenNames[] {
  const importNames = ['default', ...names.flatMap((name) => [name, `${name}Sync`])]
  return ['node:fs', 'node:fs/promises', 'fs', 'fs/promises'].map((name) => ({
    name,
    importNames,
    message,
  }))
}

/** The functions of `node:fs` that a folder may not import: `disk/` opens files for all of core. */
function forbiddenFileFunctions(pkg: string, layer: string): ForbiddenNames[] {
  if (pkg === 'core' && layer !== 'disk') {
    const message =
      'Open files with disk/: it never leaves the project and reads only regular files.'
    return withoutFileFunctions([...fileChanges, ...fileReads], message)
  }
  return pkg === 'vite-plugin'
    ? withoutFileFunctions(
        [...fileChanges, ...fileReads],
        'Open files with what @limn/core/for-vite exports.',
      )
    : []
}

/** An import that leaves a folder upward, as `no-restricted-imports` reads it. */
type Restriction = { regex?: string; group?: string[]; importNames?: string[]; message: string }

/** What the command line may use: it reaches everything else through `project/`. */
export const openToCli: readonly string[] = [
  'project',
  'models',
  'events',
  'diagnostic',
  'errors',
  'did-you-mean',
  'count',
  'command-name',
  'safe-text',
  'version',
  'node-version',
]

/** What is forbidden in addition to upward imports, by folder of a package. */
const restrictionsByFolder: Readonly<Record<string, readonly Restriction[]>> = {
  'core/plan': pure('Planning is pure: no disk, network, clock or pictures.'),
  'core/models': pure('Models are data and formulas: no disk, network or clock.'),
  'core/identity': pure('Requests and recipes are plain values: no disk, network or clock.'),
}

function pure(message: string): Restriction[] {
  return [{ group: ['node:*', '**/debug.ts', 'sharp', 'openai', 'zod', 'yaml'], message }]
}

/** `disk/node-builtins.ts` gives the fast path all of `node:fs`, which is for `disk/` only. */
const noRawFs: Restriction = {
  regex: String.raw`/node-builtins\.ts$`,
  importNames: ['fs'],
  message: 'Open files with disk/read-inside.ts.',
}

function onlyOpenToCli(toSrc: string): Restriction {
  const closed = layers.core.filter((name) => name !== 'cli' && !openToCli.includes(name))
  return {
    regex: `^${toSrc}(${closed.join('|')})(/|\\.ts$)`,
    message: `The command line imports only from ${openToCli.join(', ')}.`,
  }
}

/** The overrides that keep a package's imports in one direction. */
function directionOf(pkg: string, order: readonly string[]): OxlintOverride[] {
  return order.flatMap((layer, index) => {
    const above = order.slice(0, index)
    return Array.from({ length: DEEPEST + 1 }, (_, depth): OxlintOverride => {
      const toSrc = depth === 0 ? String.raw`\./` : String.raw`(\.\./){${depth}}`
      const restrictions = [
        {
          regex: `^${toSrc}(${['-', ...above].join('|')})(/|\\.tsx?$)`,
          message: `${layer} may import only from what is below it in oxlint.config.ts.`,
        },
        {
          regex: String.raw`^(\.\./){${depth + pkg.split('/').length}}`,
          message: 'Packages import each other by name.',
        },
        ...(restrictionsByFolder[`${pkg}/${layer}`] ?? []),
        ...(layer === 'cli' ? [onlyOpenToCli(toSrc)] : []),
        ...(pkg === 'core' && layer !== 'disk' && layer !== 'version' ? [noRawFs] : []),
      ]
      const folders = '*/'.repeat(Math.max(0, depth - 1))
      return {
        files: [`${folderOf(pkg)}/${depth === 0 ? layer : `${layer}/${folders}*`}.{ts,tsx}`],
        excludeFiles: tests,
        rules: {
          'no-restricted-imports': [
            'error',
            { paths: forbiddenFileFunctions(pkg, layer), patterns: restrictions },
          ],
        },
      }
    })
  })
}

export default defineConfig({
  plugins: ['typescript', 'unicorn', 'import', 'oxc'],
  categories: { correctness: 'error', suspicious: 'error' },
  rules: {
    curly: ['error', 'multi-line'],
    'typescript/no-explicit-any': 'error',
    'typescript/consistent-type-imports': 'error',
    'import/no-cycle': ['error', { ignoreTypes: false }],
    'no-console': 'error',
    'no-shadow': 'off',
    'unicorn/no-array-sort': 'off',
    'unicorn/consistent-function-scoping': 'off',
    'unicorn/require-post-message-target-origin': 'off',
  },
  overrides: [
    {
      files: ['packages/core/src/**/*.ts', 'packages/painter/src/**/*.ts'],
      excludeFiles: [...tests, 'packages/core/src/cli/**'],
      rules: {
        'no-restricted-globals': [
          'error',
          {
            name: 'process',
            message: 'Core never touches the process: pass in what the code needs.',
          },
        ],
      },
    },
    ...Object.entries(layers).flatMap(([pkg, order]) => directionOf(pkg, order)),
    {
      files: ['docs/.vitepress/theme/**'],
      rules: { 'import/no-unassigned-import': ['error', { allow: ['**/*.css'] }] },
    },
    {
      files: ['packages/contact-sheet/src/page/**'],
      rules: {
        'import/no-unassigned-import': [
          'error',
          { allow: ['**/*.css', '**/valid-language.ts', 'img-comparison-slider'] },
        ],
      },
    },
    {
      files: ['**/*.test.ts', '**/e2e/**', 'fixtures/**', 'bench/**'],
      rules: { 'no-await-in-loop': 'off' },
    },
  ],
})
