import { expect, test } from 'vitest'
import { findFaults, largestKilobytes, type Packed } from './packed.ts'

const core: Packed = {
  name: '@limn/core',
  bytes: 100_000,
  files: ['LICENSE', 'README.md', 'package.json', 'dist/index.js', 'dist/html/srcset.js'],
  manifest: {
    license: 'MIT',
    description: 'Engine',
    engines: { node: '>=22.22' },
    sideEffects: false,
    exports: { '.': './dist/index.js' },
    dependencies: { '@limn/painter': '0.1.0' },
  },
}

test('accepts a package that is ready to publish', () => {
  expect(findFaults(core)).toEqual([])
})

test.each<[string, Partial<Packed>, string]>([
  [
    'outgrew its size',
    { bytes: largestKilobytes['@limn/core']! * 1000 + 1000 },
    `packs to ${largestKilobytes['@limn/core']! + 1}.0 kB; the limit is ${largestKilobytes['@limn/core']!} kB.`,
  ],
  ['has no limit', { name: '@limn/new' }, '@limn/new has no largest size in scripts/packed.ts.'],
  ['has no licence file', { files: ['README.md'] }, '@limn/core has no LICENSE.'],
  ['contains a test', { files: [...core.files, 'dist/a.test.js'] }, 'contains dist/a.test.js'],
  ['contains sources', { files: [...core.files, 'src/index.ts'] }, 'contains src/index.ts'],
  ['contains keys', { files: [...core.files, '.env.local'] }, 'contains .env.local'],
  [
    'has no engines',
    { manifest: { ...core.manifest, engines: undefined } },
    'The package.json of @limn/core has no "engines".',
  ],
  [
    'depends on the workspace',
    { manifest: { ...core.manifest, dependencies: { '@limn/painter': 'workspace:*' } } },
    'depends on "workspace:*"',
  ],
  [
    'depends on a folder',
    { manifest: { ...core.manifest, peerDependencies: { vite: 'link:../vite' } } },
    'depends on "link:../vite"',
  ],
])('rejects a package that %s', (_, change, expected) => {
  const faults = findFaults({ ...core, ...change })
  expect(faults.join('\n')).toContain(expected)
})
